"""One client's pair as blocks: the pair's state first, then each connection with its one useful button.

Status messages, App Home and the shared status are made of these rows.
"""

from datetime import datetime
from itertools import groupby

from bot import ids
from bot.ids import Action, More
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.shapes import ClientRow, ConnectionRow
from bot.views.text import bold, esc, handle, name
from bot.views.words import connection as words
from bot.views.words import dates
from bot.views.words.names import CAPABILITY, MARK, PLATFORM, STATE
from core.domain.account import Platform
from core.domain.client import Client
from core.domain.diagnosis import NextStep
from core.domain.observation import Capability
from core.domain.verdict import BROKEN, ENDED, Reason, Verdict

RELINKS = frozenset({NextStep.RELINK, NextStep.RELINK_WITH_ALL_PERMISSIONS})
STARTS = frozenset({NextStep.LINK, NextStep.MAKE_PROFESSIONAL})


def needs_person(row: ClientRow) -> bool:
    """True where somebody must act: something is broken, or runs out and only a person can renew it."""
    broken = row.link.state in BROKEN
    return broken or any(half is not None and half.step in RELINKS for half in row.connections.values())


def pair_blocks(row: ClientRow, *, primary: bool = False, acting: bool = True) -> list[Block]:
    """One client. `primary` lets its first repair stand out; without `acting` there are no buttons at all."""
    head = blocks.section(pair_line(row), _menu(row) if acting else None)
    rest: list[Block] = []
    for platform in Platform:
        half = row.connections.get(platform)
        text = half_text(row.client, half, platform, row.at)
        press = useful_button(row.client, platform, half, primary=primary) if acting else None
        primary = primary and not (press or {}).get("style")
        rest.append(blocks.section(text, press))
    return [head, *rest]


def pair_line(row: ClientRow) -> str:
    """The pair's own state and why, by the client's name."""
    state = row.link.state
    return f"{MARK[state]} {bold(row.client.name)} · {STATE[state]}\n{words.pair(row.link)}"


def half_text(client: Client, half: ConnectionRow | None, platform: Platform, at: datetime) -> str:
    """One connection in a few lines: who, state and reason, what works, proof and deadline."""
    if half is None:
        expected = handle(client.expected.get(platform))
        awaited = f"We expect {esc(expected)}. " if expected else ""
        return f"⚪ *{PLATFORM[platform]}* · Not linked yet\n{awaited}{words.step(NextStep.LINK, platform)}"
    verdict = half.verdict
    lines = (
        f"{MARK[verdict.state]} *{PLATFORM[platform]}* {_whose(half)}· {STATE[verdict.state]}",
        _why(half, platform),
        *(() if verdict.state in ENDED else _works(client, half, platform, at)),
    )
    return "\n".join(filter(None, lines))


def _works(client: Client, half: ConnectionRow, platform: Platform, at: datetime) -> tuple[str, str]:
    """What works and since when that is known; nothing of it is worth a line once the link is gone."""
    return _capabilities(client, half, platform) if half.connection.account else "", _times(half, at)


def _whose(half: ConnectionRow) -> str:
    if half.handle:
        return f"{esc(handle(half.handle))} "
    return f"(expects {esc(handle(half.expected))}) " if half.expected else ""


def _why(half: ConnectionRow, platform: Platform) -> str:
    reason = words.reason(half.verdict.reason, platform)
    return (
        reason
        if half.step in {NextStep.NOTHING, NextStep.WAIT}
        else f"{reason} {words.step(half.step, platform)}"
    )


def _capabilities(client: Client, half: ConnectionRow, platform: Platform) -> str:
    """What works, one by one, then what doesn't exist there; neighbours that don't for the same reason share it."""
    said: list[str] = []
    order = sorted(Capability, key=lambda each: each not in half.traits.offers)
    for (mark, why), alike in groupby(order, lambda each: _capability(each, client, half, platform)):
        labels = [CAPABILITY[each] for each in alike]
        said.extend([f"{mark} {', '.join(labels)} ({why})"] if why else [f"{mark} {each}" for each in labels])
    return " · ".join(said)


def _capability(each: Capability, client: Client, half: ConnectionRow, platform: Platform) -> tuple[str, str]:
    """Its mark, and why it isn't there."""
    if each not in half.traits.offers:
        return "–", f"{PLATFORM[platform]} has none"
    block = half.verdict.capabilities[each]
    if block is None:
        return "✓", ""
    if each not in client.needs():
        return "–", "not needed here"
    return "✗", words.block(block, platform)


def _times(half: ConnectionRow, at: datetime) -> str:
    proved = half.connection.sides.proved_at
    parts = [
        f"Last proved {dates.ago(proved, at)} ({dates.moment(proved)})" if proved else "",
        _deadline(half.verdict, at),
    ]
    return " · ".join(filter(None, parts))


def _deadline(verdict: Verdict, at: datetime) -> str:
    if verdict.act_by is None:
        return ""
    if verdict.act_by <= at:
        return "A person must act *now*"
    if verdict.reason is Reason.RUNS_OUT:
        return f"A person must act {dates.ahead(verdict.act_by, at)}, by {dates.day(verdict.act_by)}"
    return f"Nobody has to act before {dates.day(verdict.act_by)}, {dates.ahead(verdict.act_by, at)}"


def useful_button(
    client: Client, platform: Platform, half: ConnectionRow | None, *, primary: bool = False
) -> Element:
    """The one useful button beside a connection: Link, Relink, Finish Unlink or Check Now."""
    step = half.step if half else NextStep.LINK
    return step_button(client, platform, step, half.connection.id if half else None, primary=primary)


def step_button(
    client: Client, platform: Platform, step: NextStep, connection: str | None, *, primary: bool = False
) -> Element:
    """The button that does a step."""
    label, about = words.button(step, platform), name(client.name)
    style: Style | None = "primary" if primary and step in RELINKS | STARTS else None
    if connection is None or step in RELINKS | STARTS:
        action = Action.LINK_RELINK if step in RELINKS else Action.LINK_START
        value = ids.LinkValue(client=client.id, platforms=(platform,))
        return blocks.button(label, action, value, style=style, about=about)
    action = Action.UNLINK_FINISH if step is NextStep.FINISH_UNLINK else Action.STATUS_CHECK
    one = ids.ConnectionValue(client=client.id, connection=connection)
    return blocks.button(label, action, one, about=f"{PLATFORM[platform]}, {about}")


def _menu(row: ClientRow) -> Element | None:
    """What is rarer: a diagnosis of each connection, unlinking, history, settings."""
    client = row.client.id
    known = {platform: half for platform, half in row.connections.items() if half is not None}
    options = [
        (
            f"Diagnose {PLATFORM[platform]}",
            ids.MoreValue(act=More.DIAGNOSE, client=client, connection=half.connection.id),
        )
        for platform, half in known.items()
    ]
    if any(half.connection.is_held for half in known.values()):
        options.append(("Unlink…", ids.MoreValue(act=More.UNLINK, client=client)))
    options.append(("Show History", ids.MoreValue(act=More.HISTORY, client=client)))
    options.append(("Show Settings", ids.MoreValue(act=More.SETTINGS, client=client)))
    return blocks.overflow(Action.STATUS_MORE, options)
