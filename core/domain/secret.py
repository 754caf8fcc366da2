"""A string that does not show itself."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A token or key. Neither `repr`, `str` nor a format string shows it; only `reveal()` does."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Return the clear text, for the one call that needs it."""
        return self._value

    def __str__(self) -> str:
        return "•••"

    def __repr__(self) -> str:
        return "•••"

    def __bool__(self) -> bool:
        return bool(self._value)
