"""News whose channel takes nothing from us."""

from bot.views import blocks
from bot.views.blocks import Message
from core.domain.client import Client


def instead_of_channel(told: Message, client: Client) -> Message:
    """The same news for one person, because the client's channel doesn't take it from us."""
    return blocks.message(told["text"], [*told["blocks"], why_here(client.channel)])


def why_here(channel: str) -> blocks.Block:
    """Why a person reads what a channel should."""
    return blocks.context(
        f"I can't post in <#{channel}>, so I tell you here. Invite me there to have it told to everybody."
    )
