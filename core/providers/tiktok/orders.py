"""What is asked of TikTok's init endpoints for a cargo (content-posting-api-reference-direct-post, -photo-post)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain.errors import Final
from core.domain.post import Form, Target
from core.ports import Cargo
from core.providers.tiktok.plan import Plan

VIDEO, INBOX, PHOTO = "video/init", "inbox/video/init", "content/init"


@dataclass(frozen=True, slots=True)
class Order:
    """An endpoint and the JSON it is sent."""

    endpoint: str
    body: Mapping[str, Any]


def is_photo(cargo: Cargo) -> bool:
    """True where TikTok fetches pictures, instead of being sent a film."""
    return cargo.target.form is Form.TIKTOK_PHOTO


def endpoint(cargo: Cargo) -> str:
    """Return the init endpoint that takes this cargo."""
    if is_photo(cargo):
        return PHOTO
    return INBOX if cargo.target.tiktok.to_inbox else VIDEO


def video_order(cargo: Cargo, plan: Plan) -> Order:
    """Return what opens an upload. In the inbox the creator writes and chooses everything themselves."""
    source = {
        "source": "FILE_UPLOAD",
        "video_size": plan.size,
        "chunk_size": plan.chunk,
        "total_chunk_count": plan.count,
    }
    if cargo.target.tiktok.to_inbox:
        return Order(INBOX, {"source_info": source})
    chosen = cargo.target.tiktok
    post: dict[str, Any] = {
        **_direct(cargo.target),
        "title": cargo.caption,
        "disable_duet": not chosen.allow_duet,
        "disable_stitch": not chosen.allow_stitch,
        "is_aigc": chosen.ai_generated,
    }
    if chosen.cover_ms is not None:
        post["video_cover_timestamp_ms"] = chosen.cover_ms
    return Order(VIDEO, {"post_info": post, "source_info": source})


def photo_order(cargo: Cargo) -> Order:
    """Return what makes TikTok fetch pictures and post them.

    Where their AI label counts is unsure (content-posting-api-reference-photo-post of September 2026 has it beside
    `post_info`): it is said in both places, since a post must not go out without it.
    """
    target = cargo.target
    post: dict[str, Any] = {"title": target.title, "description": cargo.caption}
    body: dict[str, Any] = {
        "media_type": "PHOTO",
        "post_mode": "MEDIA_UPLOAD" if target.tiktok.to_inbox else "DIRECT_POST",
        "post_info": post,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": list(cargo.urls),
            "photo_cover_index": 0,
        },
    }
    if not target.tiktok.to_inbox:
        label = {"is_aigc": target.tiktok.ai_generated}
        post |= {**_direct(target), **label, "auto_add_music": target.tiktok.auto_music}
        body |= label
    return Order(PHOTO, body)


def _direct(target: Target) -> dict[str, Any]:
    """The two brand toggles are always sent: TikTok marks them required, though its samples leave them out."""
    chosen = target.tiktok
    if chosen.privacy is None:
        raise Final("privacy_level_option_mismatch")
    return {
        "privacy_level": chosen.privacy,
        "disable_comment": not chosen.allow_comment,
        "brand_content_toggle": chosen.discloses and chosen.branded,
        "brand_organic_toggle": chosen.discloses and chosen.own_brand,
    }
