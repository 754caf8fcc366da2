"""What a post consists of, as people see it before they decide: words, files, accounts, options, time, findings."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.text import clip, esc, handle, listed, name
from bot.views.words import dates
from bot.views.words import post as words
from bot.views.words.finding import SEVERITY, advice, title
from bot.views.words.preflight import MUSIC, allowed, measured
from bot.views.words.source import size
from core.domain.limits import Severity
from core.domain.media import Kind
from core.domain.post import Content, Form, Item, Post, Remark, Target
from core.domain.preflight import Finding, Music

CAPTION_SHOWN = 2200
_MARK = {Severity.BLOCK: "⛔", Severity.WARN: "⚠️", Severity.QUESTION: "❓"}
_WORST = 3
_VALUE = 160


def verbatim(text: str, most: int = CAPTION_SHOWN) -> Block:
    """A paragraph that shows exactly what somebody wrote: no markup, no mentions."""
    return {
        "type": "section",
        "text": {"type": "plain_text", "text": clip(text, most) or " ", "emoji": False},
    }


def captions(content: Content, most: int = CAPTION_SHOWN) -> list[Block]:
    """The words that go out: once where all targets share them, else for each."""
    told: dict[str, list[Form]] = {}
    without = [each for each in content.targets if not each.takes_caption]
    for target in content.targets:
        if target in without:
            continue
        told.setdefault(content.caption_of(target), []).append(target.form)
    shown: list[Block] = []
    for text, forms in told.items():
        whose = listed(words.FORM[each] for each in forms)
        if text:
            shown += [blocks.context(f"Caption · {whose}"), verbatim(text, most)]
        else:
            shown.append(blocks.context(f"No caption · {whose}"))
    shown += [blocks.context(f"No caption · {words.no_caption(each)}") for each in without]
    titles = [each for each in content.targets if each.title]
    for each in titles:
        shown += [blocks.context(f"Title · {words.FORM[each.form]}"), verbatim(each.title, 300)]
    return shown


def target_line(post: Post, target: Target) -> str:
    """One place a post goes to: what it becomes there, as whom, and what was chosen."""
    senders = post.noted.senders if post.noted else ()
    sender = next((each for each in senders if each.platform is target.platform), None)
    whose = f" as {esc(handle(sender.handle) or sender.name)}" if sender else ""
    chosen = options(target)
    return f"*{words.FORM[target.form]}*{whose}" + (f"\n{esc(chosen)}" if chosen else "")


def options(target: Target) -> str:
    """What was chosen for a target, in one line."""
    if target.form in {Form.TIKTOK_VIDEO, Form.TIKTOK_PHOTO}:
        return words.tiktok_options(target.tiktok, target.form)
    return words.instagram_options(target.instagram, target.form)


def files(items: Sequence[Item]) -> str:
    """The files of a post: what, how long, how large. Not yet escaped."""
    if not items:
        return "no file yet"
    if len(items) == 1:
        return _file(items[0])
    films = sum(each.kind is Kind.VIDEO for each in items)
    kinds = [_many(len(items) - films, "picture"), _many(films, "video")]
    return f"{listed(filter(None, kinds))}, {size(sum(each.size for each in items))}"


def _file(item: Item) -> str:
    length = f", {item.seconds:.0f} s" if item.seconds else ""
    return f"{name(item.name)}{length}, {size(item.size)}"


def play_rows(items: Sequence[Item], plays: Sequence[tuple[str, str]]) -> list[Block]:
    """Each file with the press that plays or shows it."""
    return [
        blocks.section(
            esc(name(label)), blocks.url_button(play_label(item), Action.POST_PLAY, url, about=name(label))
        )
        for item, (label, url) in zip(items, plays, strict=False)
    ]


def play_label(item: Item) -> str:
    """What the press is called that opens a file."""
    return "Play" if item.kind is Kind.VIDEO else "View"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count > 1 else ''}" if count else ""


def music(content: Content) -> str:
    """What was said about music; "" where nobody was asked."""
    return "" if content.music is Music.UNASKED else f"Music: {MUSIC[content.music].lower()}"


def leaves(content: Content, zone: str) -> str:
    """When a post goes out, by the reader's clock and the client's."""
    if content.publish_at is None:
        return "Goes out as soon as it is approved"
    return f"Goes out at {_both_clocks(content.publish_at, zone)}"


def planned(content: Content, zone: str) -> str:
    """When a post was to go out that doesn't wait for that any more; "" for no time of its own."""
    return f"Planned for {_both_clocks(content.publish_at, zone)}" if content.publish_at else ""


def _both_clocks(at: datetime, zone: str) -> str:
    return f"{dates.moment(at)} ({esc(local(at, zone))})"


def local(at: datetime, zone: str) -> str:
    """A moment by the clock of a time zone, without markup."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{there.day} {there:%b, %H:%M} {zone}"


def remarks(found: Sequence[Remark], *, most: int = _WORST) -> list[Block]:
    """The worst findings, and how many more there are."""
    told = distinct([(each.finding, words.FORM[each.form]) for each in found])
    lines = [finding_line(*each) for each in told[:most]]
    more = len(told) - len(lines)
    if more > 0:
        lines.append(f"{more} more behind Details")
    return [blocks.section("\n".join(lines))] if lines else []


def distinct(found: Sequence[tuple[Finding, str]]) -> list[tuple[Finding, list[str]]]:
    """Return each different finding once with where it counts, what blocks first."""
    told: dict[tuple[str, str, str, int | None], tuple[Finding, list[str]]] = {}
    for finding, where in found:
        key = (finding.code, finding.measured, finding.allowed, finding.item)
        places = told.setdefault(key, (finding, []))[1]
        if where not in places:
            places.append(where)
    order = list(_MARK)
    return sorted(told.values(), key=lambda pair: order.index(pair[0].severity))


def finding_line(finding: Finding, where: Sequence[str]) -> str:
    """One finding in two lines. Slack text."""
    seen, most = (esc(clip(each, _VALUE)) for each in (measured(finding), allowed(finding)))
    number = f" (file {finding.item})" if finding.item else ""
    return (
        f"{_MARK[finding.severity]} *{esc(title(finding))}*{number} · {SEVERITY[finding.severity]} · "
        f"{esc(listed(where))}\n{seen} – allowed: {most}. {esc(advice(finding))}"
    )
