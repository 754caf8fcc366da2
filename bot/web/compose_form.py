"""The composer page's form: what a browser sends becomes a post's content."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.domain.account import Platform
from core.domain.alerts import zone_of
from core.domain.composing import Flaw, forms_for, moments
from core.domain.post import Content, Form, InstagramOptions, Target, TikTokOptions
from core.domain.preflight import Music

LONGEST = 10_000
"""Characters of one field that are read; platforms take a few thousand at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent: the content as far as it can be read, and what could not."""

    content: Content
    flaws: tuple[Flaw, ...] = ()


def read(form: Mapping[str, Any], before: Content, zone: str) -> Sent:
    """Return what a form says, its files being those of before. `zone` is the client's."""
    publish_at, unread = _time(form, before, zone)
    content = Content(
        items=before.items,
        caption=_text(form, "caption"),
        targets=tuple(_targets(form, before)),
        publish_at=publish_at,
        music=_music(form),
    )
    return Sent(content=content, flaws=unread)


def local_time(moment: datetime | None, zone: str) -> str:
    """Return a moment as the browser's own time field takes it, in the client's zone."""
    return moment.astimezone(zone_of(zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _targets(form: Mapping[str, Any], before: Content) -> list[Target]:
    fit = forms_for(before.items)
    found = []
    for platform in Platform:
        chosen = _text(form, f"{platform}_form")
        allowed = [each for each in fit if each.platform is platform]
        if _on(form, f"to_{platform}") and allowed:
            own = _text(form, f"{platform}_caption") if _on(form, f"{platform}_own") else None
            kind = Form(chosen) if chosen in set(allowed) else allowed[0]
            found.append(_target(form, Target(form=kind, caption=own), before))
    return found


def _target(form: Mapping[str, Any], target: Target, before: Content) -> Target:
    former = before.target(target.platform) or target
    if target.platform is Platform.INSTAGRAM:
        options = InstagramOptions(
            share_to_feed=_on(form, "share_to_feed"),
            ai_generated=_on(form, "instagram_ai"),
            cover_ms=former.instagram.cover_ms,
        )
        return replace(target, instagram=options)
    title = _text(form, "title") if target.form is Form.TIKTOK_PHOTO else ""
    return replace(target, title=title, tiktok=_tiktok(form, former.tiktok))


def _tiktok(form: Mapping[str, Any], former: TikTokOptions) -> TikTokOptions:
    discloses = _on(form, "discloses")
    return TikTokOptions(
        to_inbox=_text(form, "tiktok_how") == "inbox",
        privacy=_text(form, "privacy") or None,
        allow_comment=_on(form, "comment"),
        allow_duet=_on(form, "duet"),
        allow_stitch=_on(form, "stitch"),
        discloses=discloses,
        own_brand=discloses and _on(form, "own_brand"),
        branded=discloses and _on(form, "branded"),
        ai_generated=_on(form, "tiktok_ai"),
        auto_music=_on(form, "auto_music"),
        cover_ms=former.cover_ms,
        consents=_on(form, "consents"),
    )


def _time(form: Mapping[str, Any], before: Content, zone: str) -> tuple[datetime | None, tuple[Flaw, ...]]:
    """Return when it goes out; of a time that a clock shows twice, the one chosen before, else the first."""
    if _text(form, "when") != "at":
        return None, ()
    try:
        found = moments(datetime.fromisoformat(_text(form, "time")).replace(tzinfo=None), zone)
    except (ValueError, OverflowError):  # no time, or one at an end of all calendars
        return before.publish_at, (Flaw(code="time_unreadable", field="time"),)
    if not found:
        return before.publish_at, (Flaw(code="time_skipped", field="time"),)
    return (before.publish_at if before.publish_at in found else found[0]), ()


def _music(form: Mapping[str, Any]) -> Music:
    chosen = _text(form, "music")
    return Music(chosen) if chosen in set(Music) else Music.UNASKED


def _text(form: Mapping[str, Any], name: str) -> str:
    """Browsers send lines with a carriage return, platforms count it."""
    sent = form.get(name, "")
    return sent[:LONGEST].replace("\r\n", "\n").strip() if isinstance(sent, str) else ""


def _on(form: Mapping[str, Any], name: str) -> bool:
    return form.get(name) == "on"
