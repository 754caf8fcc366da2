"""What forms in modals are made of, and what people filled into them. A field's name is its block and action id."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.views.blocks import Block, Element, plain

_HINT = 150
_DIGITS = 5
"""More than any number here has."""


def field(name: str, label: str, element: Element, *, hint: str = "", optional: bool = False) -> Block:
    """A field of a form."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element | {"action_id": name},
        "optional": optional,
    }
    return block | {"hint": plain(hint, _HINT)} if hint else block


def option(value: str, label: str) -> Element:
    """One of the choices of a menu."""
    return {"text": plain(label), "value": value}


def select(choices: Sequence[tuple[str, str]], chosen: str) -> Element:
    """A menu of values and their labels, of which one is chosen."""
    options = {value: option(value, label) for value, label in choices}
    return {"type": "static_select", "options": list(options.values()), "initial_option": options[chosen]}


def people_select(users: Sequence[str]) -> Element:
    """A menu of the workspace's people."""
    element: Element = {"type": "multi_users_select", "placeholder": plain("Choose people")}
    return element | {"initial_users": list(users)} if users else element


class Answers:
    """What a submitted form says, field by field; what was left empty is empty."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values = (view.get("state") or {}).get("values") or {}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, key: str = "value") -> str:
        """What was typed or picked, under the key by which that kind of element tells it."""
        return str(self._of(name, key) or "")

    def option(self, name: str) -> str:
        """The value of the choice."""
        return str((self._of(name, "selected_option") or {}).get("value") or "")

    def options(self, name: str) -> tuple[str, ...]:
        """The values of all choices."""
        return tuple(str(each.get("value")) for each in self._of(name, "selected_options") or ())

    def files(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """The files uploaded, as Slack describes them."""
        return tuple(self._of(name, "files") or ())

    def people(self, name: str) -> tuple[str, ...]:
        """The people chosen."""
        return tuple(self._of(name, "selected_users") or ())

    def _of(self, name: str, key: str) -> Any:
        return ((self._values.get(name) or {}).get(name) or {}).get(key)


def number(text: str) -> int:
    """The number in a field, -1 where it holds none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else -1
