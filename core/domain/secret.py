"""A string that does not show itself."""

import hmac
from typing import final


@final
class Secret:
    """A token or key. Neither `repr`, `str`, a format string nor a traceback shows it; only `reveal()` does.

    Not a dataclass: `asdict` and friends would open it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the clear text, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "•••"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)
