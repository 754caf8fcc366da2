"""The publisher of one process, with what it sends and where from."""

from datetime import timedelta

from bot.media_links import MediaLinks
from bot.wiring.adapters import Adapters
from bot.wiring.media import MediaDesk
from core.domain.post import Item
from core.ports import Clock, Kept
from core.usecases.departure import Departure
from core.usecases.publishing import Publishing
from core.usecases.steps import Steps
from core.usecases.watching import Watching


def open_publishing(
    adapters: Adapters,
    clock: Clock,
    *,
    media: MediaDesk,
    watching: Watching,
    owner: str,
    are_others: bool = False,
) -> Publishing:
    """Return it; nothing is claimed before it is asked to. `are_others`: other machines may work beside this one."""
    departure = Departure(
        work=adapters.work,
        clock=clock,
        preflight=media.room.preflight,
        store=media.room.store,
        address=_Addresses(media.links),
    )
    steps = Steps(
        clock=clock,
        publishers=adapters.publishers,
        watching=watching,
        departure=departure,
        are_others=are_others,
    )
    return Publishing(work=adapters.work, clock=clock, steps=steps, owner=owner)


class _Addresses:
    """Keeps `core.usecases.departure.Address`."""

    def __init__(self, links: MediaLinks) -> None:
        self._links = links

    def __call__(self, item: Item, life: timedelta) -> str:
        return self._links.url(Kept(sha256=item.sha256, size=item.size), item.name, life=life)
