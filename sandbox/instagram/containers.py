"""Containers: media that Instagram fetches and looks at before it may be published, once, within a day."""

import string
from dataclasses import dataclass

from sandbox.agenda import Agenda
from sandbox.fetch import FetchFailed, Manner, fetch
from sandbox.instagram import media_rules
from sandbox.instagram.accounts import InstagramAccount
from sandbox.instagram.errors import Refused, scripted
from sandbox.instagram.publishing_errors import CODES
from sandbox.instagram.state import State
from sandbox.instagram.switches import DAY
from sandbox.instagram.wish import Wish, refusal
from sandbox.media import Seen
from sandbox.posts import Post

CRAWLER = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
PREFIX = "179"
"""Of container ids, so that their path can be told from an account's; ours, apps must not look into ids."""

HUNDRED_MB = 100_000_000
PROCESSING = "processing.instagram"
"""A place for faults: refuse with "352/2207026" or a bare subcode, or delay. No wire operation's prefix reaches it."""


@dataclass(slots=True, eq=False)
class Container:
    """`error` is why it can never be published; `post` what it became."""

    id: str
    account: InstagramAccount
    wish: Wish
    born: float
    agenda: Agenda
    children: tuple["Container", ...] = ()
    media: tuple[Seen, ...] = ()
    finished: bool = False
    error: Refused | None = None
    post: Post[InstagramAccount] | None = None
    published_at: float = 0.0


class Containers:
    def __init__(self, state: State) -> None:
        self._state = state
        self._containers: dict[str, Container] = {}

    def find(self, container_id: str, account: InstagramAccount) -> Container | None:
        """A container of this account, brought to the present moment."""
        container = self._containers.get(container_id)
        if container is None or container.account is not account:
            return None
        container.agenda.settle()
        return container

    def status(self, container: Container) -> str:
        """`status_code`: PUBLISHED may come late by switch."""
        container.agenda.settle()
        now, lag = self._now(), self._state.switches.number("published_lag_seconds")
        if container.post is not None and container.published_at + lag <= now:
            return "PUBLISHED"
        if container.error is not None:
            return "ERROR"
        if container.post is None and container.born + DAY <= now:
            return "EXPIRED"
        return "FINISHED" if container.finished else "IN_PROGRESS"

    async def create(self, account: InstagramAccount, wish: Wish) -> Container:
        """Raises Refused for children that can't be used, and by switch for an image that can't."""
        children = self._children(account, wish)
        digits = self._state.world.mint.identifier(PREFIX, 14, string.digits)
        container = Container(digits, account, wish, self._now(), Agenda(self._state.world), children)
        if wish.kind == "carousel":
            self._look(container, tuple(seen for child in children for seen in child.media))
        elif not wish.is_video and self._state.switches.text("image_fetch") == "at_once":
            await self._take(container)
            if container.error is not None:
                raise container.error
        else:
            self._state.world.spawn(self._take(container))
        self._containers[container.id] = container
        return container

    def _children(self, account: InstagramAccount, wish: Wish) -> tuple[Container, ...]:
        if wish.kind != "carousel":
            return ()
        if not 2 <= len(wish.children) <= 10:  # noqa: PLR2004 - Instagram's numbers
            raise Refused(100, 2207028)
        return tuple(self._child(account, one) for one in wish.children)

    def _child(self, account: InstagramAccount, container_id: str) -> Container:
        child = self.find(container_id, account)
        if child is None or not child.wish.is_item:
            raise Refused(24, 2207006)
        match self.status(child):
            case "IN_PROGRESS":
                raise Refused(9007, 2207027)
            case "ERROR" | "EXPIRED":
                raise Refused(24, 2207008)
        return child

    async def _take(self, container: Container) -> None:
        """Fetch the media, and the cover with it; what goes wrong becomes the container's error."""
        wish, switches = container.wish, self._state.switches
        try:
            media = await self._fetch(wish.url)
            cover = await self._fetch(wish.cover_url) if wish.cover_url else None
        except FetchFailed as failed:
            slow = failed.why == "slow"
            container.error = Refused(-2, 2207003) if slow else refusal(switches.text("unreachable"))
            return
        fault = media_rules.fault(wish, media, switches)
        if cover is not None and fault is None and switches.on("media_checks"):
            mega = media_rules.MEGABYTES[switches.text("megabyte")]
            fault = media_rules.image_fault(cover, mega, feed=False)
        if fault is not None and not wish.is_video:
            container.error = fault
            return
        self._look(container, (media,), fault)

    async def _fetch(self, url: str) -> Seen:
        switches = self._state.switches
        manner = Manner(
            CRAWLER,
            seconds=switches.number("fetch_seconds"),
            follows=switches.on("follows_redirects"),
            ranged=switches.text("media_request") == "ranged",
            obeys_robots=switches.on("obeys_robots"),
        )
        return await fetch(self._state.world, url, manner)

    def _look(self, container: Container, media: tuple[Seen, ...], fault: Refused | None = None) -> None:
        """Instagram transcodes for a while; what is wrong with the media shows afterwards."""
        container.media = media
        switches = self._state.switches
        seconds = switches.number("image_processing_seconds")
        if container.wish.is_video:
            slower = switches.number("processing_seconds_per_100_mb") * media[0].size // HUNDRED_MB
            seconds = switches.number("processing_seconds") + slower
        container.agenda.plan(self._now() + seconds, lambda at: self._finish(container, at, fault))
        container.agenda.settle()

    def _finish(self, container: Container, at: float, fault: Refused | None) -> None:
        trouble = self._state.world.faults.take(PROCESSING)
        if trouble is not None and trouble.what == "delay":
            container.agenda.plan(at + trouble.seconds, lambda later: self._finish(container, later, fault))
            return
        if trouble is not None and trouble.what == "refuse":
            fault = _scripted(trouble.code)
        container.error, container.finished = fault, fault is None

    def _now(self) -> float:
        return self._state.world.clock.timestamp()


def _scripted(code: str) -> Refused:
    """The error of "352/2207026" or of a bare subcode."""
    if code.isdecimal() and int(code) in CODES:
        return Refused(CODES[int(code)], int(code))
    return scripted(code)
