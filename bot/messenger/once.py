"""What this process has already sent, so that telling a fact again after half of it failed repeats nothing."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from core.domain.fact import Fact

_REMEMBERED = 10_000


class Once:
    """Remembers the parts of facts that went out. After a crash between sending and noting, a part may come twice."""

    def __init__(self) -> None:
        self._sent: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def send(self, fact: Fact, part: str, send: Callable[[], Awaitable[object]]) -> None:
        """Send a part of a fact unless this process already did."""
        if (fact.id, part) in self._sent:
            return
        await send()
        self._sent[fact.id, part] = None
        while len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)
