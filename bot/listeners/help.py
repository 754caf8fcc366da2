"""Help, and an honest word about what this version doesn't have. Answered in the ack: nothing is read."""

from functools import cache, partial

from bot.listeners import sentences
from bot.listeners.table import Table
from bot.views.blocks import Message
from bot.views.help_view import help_message

LATER = ("post", "approvals")
"""Subcommands of the product that are still to come; `help` doesn't advertise them."""


def register(table: Table) -> None:
    """Answer help, a bare command, and every word that isn't one."""
    table.answer("help", _help)
    table.answer("", help_message)
    for word in LATER:
        table.answer(word, partial(_later, word))


def _help(_text: str) -> Message:
    return _listing()


@cache
def _listing() -> Message:
    return help_message()


def _later(word: str, _text: str) -> Message:
    return sentences.not_yet(word)
