"""What preflight says beside its findings. Plain text."""

from collections.abc import Mapping

from bot.views.text import clip, listed
from bot.views.words.connection import block
from bot.views.words.mending import done
from bot.views.words.names import PLATFORM
from core.domain.account import Platform
from core.domain.preflight import Finding, Music, Verdict
from core.domain.rendition import Recipe
from core.domain.verdict import Block

SENTENCES: Mapping[str, str] = {
    "unknown_target": "We don't know “{typed}”. These are known: {known}.",
    "nothing_to_look_at": (
        "There is no video, picture or link in that message. Use this on a message with a file, "
        "or type /crosslink preflight."
    ),
    "jobs_ending": "Crosslink is being restarted. Try again in a minute.",
    "jobs_full": "Several files are being worked on right now. Try again in a minute.",
    "jobs_yours": "Three files of yours are being worked on already. Wait for one of them, or cancel it.",
    "job_gone": "That is over already, or it runs where this button doesn't reach. Nothing was stopped.",
}

MARK: Mapping[Verdict, str] = {Verdict.READY: "✅", Verdict.WARNINGS: "⚠️", Verdict.BLOCKED: "⛔"}

MUSIC: Mapping[Music, str] = {
    Music.NONE: "There is no music in it",
    Music.OWN: "Our own, or licensed for this platform",
    Music.COMMERCIAL: "From a library cleared for commercial use",
    Music.POPULAR: "Popular music",
}
"""The answers to whose music it is."""

_UNITS = ("UTF-16 units", "characters")
"""TikTok's way of counting, and what people call it: its advice says what counts double."""
_FORM = {
    "video": "video",
    "photo": "photo",
    "reel": "Reel",
    "story": "Story",
    "image": "post",
    "carousel": "carousel",
}
_ROAD = {"ayrshare": "Ayrshare", "mallary": "Mallary"}


def preflight_trouble(code: str, facts: Mapping[str, str]) -> str | None:
    """Return the sentence for what preflight refuses; None for a code of something else."""
    template = SENTENCES.get(code)
    if template is None:
        return None
    return template.format(typed=clip(facts.get("typed", ""), 100), known=clip(facts.get("known", ""), 600))


def target_name(full: str) -> str:
    """Return a target as people call it: "Instagram Reel", "TikTok video (Ayrshare)"."""
    *road, platform, form = full.split(".") if "." in full else ["", full, ""]
    name = PLATFORM[Platform(platform)] if platform in set(Platform) else platform
    over = f" ({_ROAD.get(road[0], road[0])})" if road and road[0] else ""
    return f"{name} {_FORM.get(form, form)}".strip() + over


def measured(finding: Finding) -> str:
    """Return what was measured, in words where it is one of our codes."""
    if finding.code == "account.publish" and finding.measured in set(Block):
        return block(Block(finding.measured), Platform.TIKTOK).replace("TikTok", "the platform")
    return unit(finding.measured)


def allowed(finding: Finding) -> str:
    """Return what is allowed, in the same words."""
    return unit(finding.allowed)


def unit(told: str) -> str:
    """Return a unit, or an amount of it, as people call it."""
    return told.replace(*_UNITS)


def changes(recipes: tuple[Recipe, ...], longest: float | None) -> str:
    """Return what Fix will do, in a sentence or two."""
    made = listed([done(each) for each in recipes], last="and")
    many = f"{len(recipes)} files" if len(recipes) > 1 else "one file"
    asked = f" It asks first which {longest:g} seconds or less to keep." if longest is not None else ""
    return f"Fix makes {many}: {made}.{asked}"
