"""The card of a preflight: the file, a verdict per target, what matters most, and what one press does about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import ids
from bot.ids import Action, PreflightValue
from bot.views import blocks
from bot.views.blocks import Block, Element, Message
from bot.views.facts import summary
from bot.views.text import bold, clip, esc, handle, listed, mention, name
from bot.views.words import preflight as words
from bot.views.words.finding import SEVERITY, VERDICT, advice, title
from bot.views.words.source import size
from core.domain.limits import Severity
from core.domain.media import Media
from core.domain.preflight import Finding, Verdict
from core.domain.rendition import Recipe

WORST = 3
_VALUE = 160
"""Characters of a measured or allowed value that a person wants to read."""
_MARK = {Severity.BLOCK: "⛔", Severity.WARN: "⚠️", Severity.QUESTION: "❓"}
_BAR = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCard:
    """One target's share of a card. `handle` is the account whose own limits were counted."""

    target: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card shows. `recipes` is what Fix would do, `longest` the seconds to choose first, `hopeless` why not.

    `download` and `poster` are addresses; a card of a version that we made has `is_made`.
    """

    media: Media
    targets: Sequence[TargetCard]
    order: PreflightValue
    recipes: tuple[Recipe, ...] = ()
    longest: float | None = None
    shortest: float = 0.0
    hopeless: str = ""
    client: str = ""
    poster: str = ""
    download: str = ""
    fetched: int = 0
    note: str = ""
    is_made: bool = False

    @property
    def asks_about_music(self) -> bool:
        """True while nobody has said whose music it is."""
        return any(
            each.code == "audio.rights" and each.severity is Severity.QUESTION
            for target in self.targets
            for each in target.findings
        )


def looking(file: str) -> Message:
    """What stands where the card will be."""
    return _said(f"Looking at {bold(file)}…")


def refused(text: str) -> Message:
    """Why there is no card. Slack text."""
    return _said(text)


def card(shown: Card) -> Message:
    """The card for whoever asked."""
    return _message(shown, [*_changes(shown), *blocks.actions(*_buttons(shown))])


def shared(shown: Card, by: str) -> Message:
    """The same for everybody in the channel, without buttons; `by` is who shared it."""
    return _message(shown, [blocks.context(f"Shared by {mention([by])}")])


def working(file: str, job: str, fraction: float) -> Message:
    """How far a new version is, and a way to stop."""
    done = round(fraction * _BAR)
    bar = "█" * done + "░" * (_BAR - done)
    text = f"Making a version of {bold(file)} that fits: {fraction:.0%}"
    stop = blocks.button("Cancel", Action.PREFLIGHT_CANCEL, ids.JobValue(job=job), about=name(file))
    return blocks.message(text, [blocks.section(f"{text}\n`{bar}`"), *blocks.actions(stop)])


def stopped(order: PreflightValue, text: str, *, asks: bool) -> Message:
    """Why no new version came of it, and the way to try again. Slack text."""
    return blocks.message(
        text, [blocks.section(text), *blocks.actions(_fix(order, asks=asks, again=True), _all(order))]
    )


def worst(targets: Sequence[TargetCard]) -> list[tuple[Finding, list[str]]]:
    """Return each different finding once with the targets that have it, what blocks first."""
    found: dict[tuple[str, str, str, str], tuple[Finding, list[str]]] = {}
    for target in targets:
        for each in target.findings:
            key = (each.severity, each.code, each.measured, each.allowed)
            found.setdefault(key, (each, []))[1].append(words.target_name(target.target))
    order = list(_MARK)
    return sorted(found.values(), key=lambda pair: order.index(pair[0].severity))


def finding_text(finding: Finding, targets: Sequence[str]) -> str:
    """One finding: what, for whom, measured against allowed, and what to do."""
    seen, most = (esc(clip(each, _VALUE)) for each in (words.measured(finding), words.allowed(finding)))
    return (
        f"{_MARK[finding.severity]} *{esc(title(finding))}* · {SEVERITY[finding.severity]} · "
        f"{esc(listed(targets))}\n{seen} – allowed: {most}. {esc(advice(finding))}"
    )


def _message(shown: Card, end: list[Block]) -> Message:
    findings = worst(shown.targets)
    verdicts = "\n".join(
        f"{words.MARK[each.verdict]} *{esc(words.target_name(each.target))}*: {VERDICT[each.verdict]}"
        for each in shown.targets
    )
    head = f"{bold(shown.media.name)}\n{esc(summary(shown.media))}\n\n{verdicts}"
    more = len(findings) - WORST
    return blocks.message(
        _headline(shown),
        [
            *([blocks.section(shown.note)] if shown.note else []),
            blocks.section(head, _picture(shown)),
            *[blocks.section(finding_text(*each)) for each in findings[:WORST]],
            *([blocks.context(f"{more} more behind Show All Findings")] if more > 0 else []),
            *_small(shown),
            *end,
        ],
    )


def _headline(shown: Card) -> str:
    said = listed(f"{words.target_name(each.target)}: {VERDICT[each.verdict]}" for each in shown.targets)
    return f"{esc(name(shown.media.name))}: {esc(said)}."


def _picture(shown: Card) -> Element | None:
    if not shown.poster:
        return None
    return {
        "type": "image",
        "image_url": shown.poster,
        "alt_text": clip(f"First frame of {name(shown.media.name)}", 200),
    }


def _small(shown: Card) -> list[Block]:
    own = dict.fromkeys(handle(each.handle) for each in shown.targets if each.handle)
    parts = [
        "The mended version" if shown.is_made else "",
        f"For {esc(name(shown.client))}" if shown.client else "",
        f"with the limits of {esc(listed(own))}" if own else "",
        f"read {size(shown.fetched)} of {size(shown.media.size)} over the network" if shown.fetched else "",
    ]
    return [blocks.context(*parts)] if any(parts) else []


def _changes(shown: Card) -> list[Block]:
    if shown.recipes:
        return [blocks.section(esc(words.changes(shown.recipes, shown.longest)))]
    return [blocks.context(esc(shown.hopeless))] if shown.hopeless else []


def _buttons(shown: Card) -> list[Element | None]:
    asks = shown.longest is not None or shown.asks_about_music
    ask = blocks.button("Say Whose Music It Is", Action.PREFLIGHT_ASK, shown.order)
    save = (
        blocks.url_button("Download", Action.PREFLIGHT_DOWNLOAD, shown.download, about=shown.media.name)
        if shown.download
        else None
    )
    fix = _fix(shown.order, asks=asks) if shown.recipes else (ask if shown.asks_about_music else None)
    share = blocks.button("Share in Channel", Action.PREFLIGHT_SHARE, shown.order)
    use = blocks.button("Use in a Post", Action.PREFLIGHT_POST, shown.order, about=name(shown.order.name))
    has_findings = any(each.findings for each in shown.targets)
    return [fix, save, _all(shown.order) if has_findings else None, use, share]


def _fix(order: PreflightValue, *, asks: bool, again: bool = False) -> Element:
    action = Action.PREFLIGHT_ASK if asks else Action.PREFLIGHT_FIX
    return blocks.button(
        "Try Again" if again else "Fix", action, order, style="primary", about=name(order.name)
    )


def _all(order: PreflightValue) -> Element:
    return blocks.button("Show All Findings", Action.PREFLIGHT_FINDINGS, order)


def _said(text: str) -> Message:
    return blocks.message(text, [blocks.section(text)])
