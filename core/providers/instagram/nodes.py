"""By which of its ids an account is asked for: guides and clients name one of them, the reference the other."""

from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from core.domain.errors import PlatformDown
from core.providers.instagram.codes import UNKNOWN_NODE

Found = TypeVar("Found")


class Nodes:
    """Remembers, for the life of a process, which id the host took."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def name(self, account: str) -> str | None:
        """Return the id that was taken before."""
        return self._taken.get(account)

    async def ask(self, account: str, ids: Collection[str], work: Callable[[str], Awaitable[Found]]) -> Found:
        """Do something harmless with the account's `ids`, one after the other until one is known.

        Raises PlatformDown where none is: the answer is the same in an outage.
        """
        first = self._taken.get(account, account)
        for node in (first, *sorted(set(ids) - {first, ""})):
            try:
                found = await work(node)
            except PlatformDown as unsure:
                if unsure.code != UNKNOWN_NODE:
                    raise
            else:
                self._taken[account] = node
                return found
        raise PlatformDown(UNKNOWN_NODE)
