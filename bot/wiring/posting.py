"""What people need to compose, decide about, and follow posts."""

from dataclasses import dataclass

from bot.compose_links import ComposeLinks
from bot.settings import Settings
from bot.wiring.adapters import Adapters
from bot.wiring.keys import link_keys
from bot.wiring.media import MediaDesk
from core.ports import Clock
from core.usecases.approving import Approving
from core.usecases.checking import Checking
from core.usecases.composing import Composing
from core.usecases.deliveries import Deliveries
from core.usecases.posters import Posters
from core.usecases.posts import Posts
from core.usecases.requesting import Requesting
from core.usecases.watching import Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDesk:
    """The use cases of posts, and the addresses of the composer's page."""

    composing: Composing
    requesting: Requesting
    approving: Approving
    posts: Posts
    deliveries: Deliveries
    links: ComposeLinks


def open_posting(
    settings: Settings, adapters: Adapters, clock: Clock, *, media: MediaDesk, watching: Watching
) -> PostDesk:
    """Return it."""
    work, room = adapters.work, media.room
    checking = Checking(
        preflight=room.preflight,
        posters=Posters(renditions=media.posters, store=room.store, clock=clock),
        store=room.store,
        watching=watching,
        work=work,
        clock=clock,
    )
    requesting = Requesting(work=work, clock=clock, checking=checking)
    return PostDesk(
        composing=Composing(
            work=work,
            clock=clock,
            store=room.store,
            checking=checking,
            mending=room.mending,
            requesting=requesting,
        ),
        requesting=requesting,
        approving=Approving(work=work, clock=clock, checking=checking),
        posts=Posts(work=work, clock=clock),
        deliveries=Deliveries(work=work, clock=clock),
        links=ComposeLinks(base_url=settings.base_url, keys=link_keys(settings), clock=clock),
    )
