"""Help. Answered in the ack: nothing is read."""

from functools import cache

from bot.listeners.table import Table
from bot.views.blocks import Message
from bot.views.help_view import help_message


def register(table: Table) -> None:
    """Answer help, a bare command, and every word that isn't one."""
    table.answer("help", _help)
    table.answer("", help_message)


def _help(_text: str) -> Message:
    return _listing()


@cache
def _listing() -> Message:
    return help_message()
