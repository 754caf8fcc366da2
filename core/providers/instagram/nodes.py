"""By which of its ids an account is asked for: guides and clients name one of them, the reference the other."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from core.domain.errors import PlatformDown
from core.providers.instagram.codes import UNKNOWN_NODE

Found = TypeVar("Found")
REMEMBERED = 10_000
"""Accounts of which it is known: of any other it costs a call more, at most, to know again."""


class Nodes:
    """Remembers which id the host took, of the accounts asked for last."""

    def __init__(self) -> None:
        self._taken: OrderedDict[str, str] = OrderedDict()

    def name(self, account: str) -> str | None:
        """Return the id that was taken before, None where nobody remembers."""
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
                self._remember(account, node)
                return found
        raise PlatformDown(UNKNOWN_NODE)

    def _remember(self, account: str, node: str) -> None:
        self._taken[account] = node
        self._taken.move_to_end(account)
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
