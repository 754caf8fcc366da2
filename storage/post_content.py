"""What a post consists of and what was noted of it, as JSON: all comes back equal, so the digest stays the same."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.domain.account import Platform
from core.domain.fixes import FixKind
from core.domain.limits import Severity
from core.domain.media import Kind
from core.domain.post import (
    Content,
    Form,
    InstagramOptions,
    Item,
    Noted,
    Remark,
    Sender,
    Target,
    TikTokOptions,
)
from core.domain.preflight import Finding, Music


def content_to_json(content: Content) -> dict[str, Any]:
    """Return it as JSON; moments as ISO 8601, in the zone they were given in."""
    return {**asdict(content), "publish_at": content.publish_at.isoformat() if content.publish_at else None}


def content_from_json(stored: dict[str, Any]) -> Content:
    """Return what `content_to_json` was given. What an older row has no word for is as it was by default."""
    leaves = stored["publish_at"]
    known = {
        "items": tuple(_item(each) for each in stored["items"]),
        "targets": tuple(_target(each) for each in stored["targets"]),
        "publish_at": datetime.fromisoformat(leaves) if leaves else None,
        "music": Music(stored["music"]),
    }
    return Content(**stored | known)


def noted_to_json(noted: Noted | None) -> dict[str, Any] | None:
    """Return it as JSON."""
    return {**asdict(noted), "at": noted.at.isoformat()} if noted else None


def noted_from_json(stored: dict[str, Any] | None) -> Noted | None:
    """Return what `noted_to_json` was given."""
    if stored is None:
        return None
    known = {
        "at": datetime.fromisoformat(stored["at"]),
        "senders": tuple(_sender(each) for each in stored["senders"]),
        "remarks": tuple(_remark(each) for each in stored["remarks"]),
        "poster": _item(stored["poster"]) if stored["poster"] else None,
    }
    return Noted(**stored | known)


def files_of(content: dict[str, Any], noted: dict[str, Any] | None) -> Collection[str]:
    """Return the SHA-256 of every file that stored JSON names."""
    poster = noted["poster"] if noted else None
    return {each["sha256"] for each in (*content["items"], poster) if each}


def _sender(stored: dict[str, Any]) -> Sender:
    return Sender(**stored | {"platform": Platform(stored["platform"])})


def _remark(stored: dict[str, Any]) -> Remark:
    finding = stored["finding"]
    fix = FixKind(finding["fix"]) if finding["fix"] else None
    known = Finding(**finding | {"severity": Severity(finding["severity"]), "fix": fix})
    return Remark(form=Form(stored["form"]), finding=known)


def _item(stored: dict[str, Any]) -> Item:
    return Item(**stored | {"kind": Kind(stored["kind"])})


def _target(stored: dict[str, Any]) -> Target:
    known = {
        "form": Form(stored["form"]),
        "tiktok": TikTokOptions(**stored["tiktok"]),
        "instagram": InstagramOptions(**stored["instagram"]),
    }
    return Target(**stored | known)
