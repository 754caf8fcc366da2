"""Commands that are known by their names and by what they do, and loaded when they are called.

What runs Slack takes a second to load, and neither a look into the database nor the list of commands needs any of it.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

EXAMPLES = "Examples:"


class Later(TyperCommand):
    """A command's place in the list. `where` is `module:name` of a function or of a Typer with commands of its own."""

    def __init__(self, name: str, does: str, where: str, *, panel: str) -> None:
        super().__init__(name, help=does, rich_help_panel=panel)
        self.where = where

    def load(self) -> Any:
        """Return the command itself, as its module has it."""
        module, _, name = self.where.partition(":")
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command(self.name)(found)
            found = alone
        command: Any = get_command(found)
        for each in getattr(command, "commands", {self.name: command}).values():
            each.help = _flowing(each.help or "")
        return command


def _flowing(text: str) -> str:
    """A docstring without its line breaks, so that a terminal's own width counts; examples keep theirs."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(each if each.startswith(EXAMPLES) else " ".join(each.split()) for each in paragraphs)


class Commands(TyperGroup):
    """A group that loads the command that is called, and no other."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return what is called, with the arguments that are left for it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Later) else command, rest
