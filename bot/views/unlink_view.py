"""Unlinking as people see it: what it will do on both sides, what is left to do, and that it is done."""

from collections.abc import Mapping, Sequence

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block, Message
from bot.views.posts_view import title
from bot.views.shapes import PlanShape
from bot.views.text import bold, esc, handle, listed, mention, name
from bot.views.words import connection as words
from bot.views.words import dates, unlink
from bot.views.words.names import MARK, PLATFORM, STATE
from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.verdict import ENDED
from core.domain.waiting import Waiting


def unlink_message(plan: PlanShape) -> Message:
    """What unlinking will do, before anybody confirms it."""
    client = plan.client
    platforms = tuple(each.platform for each in plan.connections)
    names = listed(PLATFORM[each] for each in platforms)
    value = ids.UnlinkValue(client=client.id, platforms=platforms)
    sure = blocks.confirm(
        f"Unlink {names}?",
        f"Scheduled posts of {esc(name(client.name))} won't go out to {names}. A new link needs a new sign-in.",
        "Unlink",
        "Keep It Linked",
        danger=True,
    )
    press = blocks.button(
        f"Unlink {names}", Action.UNLINK_CONFIRM, value, style="danger", confirm=sure, about=name(client.name)
    )
    text = f"Unlink {names} from {bold(client.name)}?"
    return blocks.message(
        text,
        [
            blocks.section(f"{text}\n*Our side:* {unlink.OUR_SIDE}"),
            *[_side(each, can_revoke=plan.can_revoke[each.platform]) for each in plan.connections],
            blocks.section("\n".join(_posts(each, plan.posts.get(each, Waiting())) for each in platforms)),
            *blocks.actions(press),
        ],
    )


def _side(connection: Connection, *, can_revoke: bool) -> Block:
    platform = connection.platform
    text = f"*{PLATFORM[platform]}'s side:* {_whose(connection)}{unlink.platform_side(platform, can_revoke=can_revoke)}"
    return blocks.section(text if can_revoke else f"{text}\n{_taps(platform)}")


def _posts(platform: Platform, waiting: Waiting) -> str:
    """Which posts won't go out there."""
    first = dates.moment(waiting.first_at) if waiting.first_at else ""
    stopped = unlink.stopped(waiting.count, first, [title(each) for each in waiting.soonest])
    return f"*Scheduled for {PLATFORM[platform]}:* {stopped}"


def _whose(connection: Connection) -> str:
    whose = handle(connection.account.handle) if connection.account else ""
    return f"{esc(whose)}. " if whose else ""


def _taps(platform: Platform) -> str:
    return "\n".join(f"{number}. {tap}" for number, tap in enumerate(unlink.TAPS[platform], start=1))


def unlinking_message(
    client: Client, connections: Sequence[Connection], manage_url: Mapping[Platform, str]
) -> Message:
    """How far an unlink has come, with the taps and the button for what a person must finish.

    Good after the confirmation, and again after each Finish Unlink.
    """
    left = [PLATFORM[each.platform] for each in connections if each.state not in ENDED]
    summary = f"{esc(name(client.name))}: " + (
        f"{listed(left)} still {'lists' if len(left) == 1 else 'list'} Crosslink."
        if left
        else "unlinked, and proved on both sides."
    )
    return blocks.message(
        summary,
        [
            blocks.section(f"Unlinking {bold(client.name)}"),
            *[
                block
                for each in connections
                for block in _progress(client, each, manage_url.get(each.platform))
            ],
        ],
    )


def _progress(client: Client, connection: Connection, url: str | None) -> list[Block]:
    platform = connection.platform
    reason = words.reason(connection.reason, platform)
    text = f"{MARK[connection.state]} *{PLATFORM[platform]}* · {STATE[connection.state]}\n{reason}"
    if connection.state in ENDED:
        return [blocks.section(text)]
    one = ids.ConnectionValue(client=client.id, connection=connection.id)
    return [
        blocks.section(f"{text}\n{_taps(platform)}\nThen press Finish Unlink, and we check that it is gone."),
        *blocks.actions(
            blocks.button("Finish Unlink", Action.UNLINK_FINISH, one, about=PLATFORM[platform]),
            blocks.url_button(f"Open {PLATFORM[platform]}", Action.UNLINK_OPEN_PLATFORM, url)
            if url
            else None,
        ),
    ]


def asked_news(client: Client, platform: Platform, by: str) -> Message:
    """News for the channel: somebody asked to unlink."""
    text = f"{mention([by])} is unlinking {PLATFORM[platform]} from {bold(client.name)}. Nothing goes out there now."
    return blocks.message(text, [blocks.section(text)])


def proved_news(client: Client, platform: Platform, how: str) -> Message:
    """News for the channel: a link is gone, and what proved it."""
    text = f"⚪ {PLATFORM[platform]} is unlinked from {bold(client.name)}. {unlink.proved(how, platform)}"
    return blocks.message(text, [blocks.section(text)])
