"""News of a connection for its channel: that it broke, and that it works again."""

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Message
from bot.views.pair import step_button
from bot.views.text import bold, esc, handle, mention
from bot.views.words import connection as words
from bot.views.words.names import MARK, PLATFORM
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.diagnosis import next_step
from core.domain.verdict import Verdict


def broken_news(client: Client, connection: Connection, verdict: Verdict) -> Message:
    """A link broke: what, why, what to do, and the button that does it."""
    platform, step = connection.platform, next_step(verdict)
    text = f"{MARK[verdict.state]} {_whose(client, connection)} no longer does its job."
    one = ids.ConnectionValue(client=client.id, connection=connection.id)
    oncall = f"On call: {mention(client.oncall)}" if client.oncall else ""
    return blocks.message(
        f"{text} {words.reason(verdict.reason, platform)}",
        [
            blocks.section(f"{text}\n{words.reason(verdict.reason, platform)} {words.step(step, platform)}"),
            *([blocks.context(oncall)] if oncall else []),
            *blocks.actions(
                step_button(client, platform, step, connection.id, primary=True),
                blocks.button("Diagnose", Action.STATUS_DIAGNOSE, one, about=PLATFORM[platform]),
            ),
        ],
    )


def recovered_news(client: Client, connection: Connection) -> Message:
    """A link works again without a person having relinked it."""
    text = f"🟢 {_whose(client, connection)} works again. Nothing to do."
    return blocks.message(text, [blocks.section(text)])


def _whose(client: Client, connection: Connection) -> str:
    whose = esc(handle(connection.account.handle)) if connection.account else ""
    return f"{PLATFORM[connection.platform]} {whose} of {bold(client.name)}".replace("  ", " ")


def instead_of_channel(told: Message, client: Client) -> Message:
    """The same news for one person, because the client's channel doesn't take it from us."""
    why = f"I can't post in <#{client.channel}>, so I tell you here. Invite me there to have it told to everybody."
    return blocks.message(told["text"], [*told["blocks"], blocks.context(why)])
