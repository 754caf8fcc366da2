"""Points on which a platform's behaviour is uncertain. Each is a switch with its source, turned over HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sandbox import asked

Value = str | bool | int


@dataclass(frozen=True, slots=True)
class Switch:
    """One uncertain point. Without `options` a bool stays a bool and a number takes any number from 0."""

    name: str
    default: Value
    meaning: str
    source: str
    options: tuple[str, ...] = ()

    def read(self, body: Mapping[str, Any]) -> Value:
        """The wanted value. Raises AskedError."""
        if isinstance(self.default, bool):
            return asked.flag(body, self.name)
        if isinstance(self.default, str):
            return asked.choice(body, self.name, self.options)
        if (wanted := asked.number(body, self.name)) < 0:
            raise asked.AskedError(f"Field {self.name!r} must be 0 or more.")
        return int(wanted)


class Switches:
    """The switches of one platform and how they stand."""

    def __init__(self, table: Sequence[Switch]) -> None:
        self._table = {switch.name: switch for switch in table}
        self._values = {switch.name: switch.default for switch in table}

    def text(self, name: str) -> str:
        return str(self._values[name])

    def on(self, name: str) -> bool:
        return self._values[name] is True

    def number(self, name: str) -> int:
        return int(self._values[name])

    def set(self, body: Mapping[str, Any]) -> None:
        """Turn all the switches named in `body`, or none. Raises AskedError."""
        asked.only(body, self._table)
        self._values |= {name: self._table[name].read(body) for name in body}

    def describe(self) -> dict[str, Any]:
        """By name: value, default, options, meaning, source."""
        return {name: {"value": self._values[name], **asdict(switch)} for name, switch in self._table.items()}
