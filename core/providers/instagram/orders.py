"""What is asked of POST /media for a cargo (instagram-platform: reference/ig-user/media)."""

from collections.abc import Sequence

from core.domain.media import Kind
from core.domain.post import Form
from core.ports import Cargo

Order = dict[str, str]


def orders(cargo: Cargo) -> tuple[Order, ...]:
    """Return one order for each container that Instagram fetches media for: of a carousel, its parts."""
    if cargo.target.form is Form.CAROUSEL:
        return tuple(_part(item.kind, url) for item, url in zip(cargo.items, cargo.urls, strict=True))
    kind, url = cargo.items[0].kind, cargo.urls[0]
    match cargo.target.form:
        case Form.REEL:
            return (_reel(cargo, url),)
        case Form.STORY:
            # Stories have no caption.
            return ({"media_type": "STORIES", **_source(kind, url), **_label(cargo)},)
    return ({**_source(kind, url), **_words(cargo), **_label(cargo)},)


def parent_order(cargo: Cargo, parts: Sequence[str]) -> Order:
    """Return the order for a carousel of finished parts."""
    return {"media_type": "CAROUSEL", "children": ",".join(parts), **_words(cargo), **_label(cargo)}


def _reel(cargo: Cargo, url: str) -> Order:
    """What happens without share_to_feed is not documented: it is always said."""
    chosen = cargo.target.instagram
    order = {
        "media_type": "REELS",
        "video_url": url,
        "share_to_feed": "true" if chosen.share_to_feed else "false",
        **_words(cargo),
        **_label(cargo),
    }
    return order if chosen.cover_ms is None else {**order, "thumb_offset": str(chosen.cover_ms)}


def _part(kind: Kind, url: str) -> Order:
    """Caption and label belong to the whole."""
    video = {"media_type": "VIDEO"} if kind is Kind.VIDEO else {}
    return {"is_carousel_item": "true", **video, **_source(kind, url)}


def _source(kind: Kind, url: str) -> Order:
    return {"video_url" if kind is Kind.VIDEO else "image_url": url}


def _words(cargo: Cargo) -> Order:
    return {"caption": cargo.caption} if cargo.caption else {}


def _label(cargo: Cargo) -> Order:
    return {"is_ai_generated": "true"} if cargo.target.instagram.ai_generated else {}
