"""The host that takes a video's bytes: one PUT for each piece, told apart by status and Content-Range alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from urllib.parse import urlsplit

from core.domain.delivery import Ticket
from core.domain.errors import Final
from core.ports import Clock, MediaSource
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.plan import Plan
from core.providers.wire import Answer, Call, Effect, Freight, Wire

DOMAIN = "tiktokapis.com"
PIECE = 1 << 20
"""Bytes that are read and sent at a time."""
PATIENCE = 60.0
SLOWEST = 1_000_000
"""Seconds that any piece may take, and how many bytes each further second has to bring."""

_TYPES = {"mov": "video/quicktime", "qt": "video/quicktime", "webm": "video/webm"}
_RECEIVED = frozenset({HTTPStatus.OK, HTTPStatus.CREATED})


class Taken(Enum):
    """What the host says to a piece."""

    MORE = auto()
    ALL = auto()
    OUT_OF_STEP = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The host's answer. `sent` is how many bytes it has, None where it doesn't say."""

    taken: Taken
    sent: int | None


class UploadHost:
    """Sends pieces. Its addresses carry their own permission: they are secrets, and no token goes with them."""

    def __init__(self, *, app: TikTokApp, wire: Wire, clock: Clock) -> None:
        self._app = app
        self._wire = wire
        self._clock = clock

    async def put(self, effect: Effect, ticket: Ticket, source: MediaSource, begin: int) -> Receipt:
        """Send the piece that begins at `begin`. Raises Trouble; Final where the host won't ever take it."""
        address = ticket.upload
        if address is None or not self._is_trusted(address.reveal()):
            raise Final("upload_host_unknown")
        plan = Plan(ticket.total, ticket.chunk)
        end = plan.end(begin)
        call = Call(
            effect=effect,
            method="PUT",
            url=address,
            headers={
                "Content-Type": _TYPES.get(source.name.rpartition(".")[2].lower(), "video/mp4"),
                "Content-Range": f"bytes {begin}-{end - 1}/{plan.size}",
            },
            freight=Freight(
                pieces=_pieces(source, begin, end),
                size=end - begin,
                seconds=PATIENCE + (end - begin) / SLOWEST,
            ),
        )
        return self._receipt(await self._wire.ask(call), plan)

    def _receipt(self, answer: Answer, plan: Plan) -> Receipt:
        sent = plan.progress(answer.headers.get("Content-Range", ""))
        match answer.status:
            case HTTPStatus.PARTIAL_CONTENT:
                return Receipt(Taken.MORE, sent)
            case status if status in _RECEIVED:
                return Receipt(Taken.ALL, sent)
            case HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                return Receipt(Taken.OUT_OF_STEP, sent)
            case HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
                return Receipt(Taken.GONE, None)
            case HTTPStatus.BAD_REQUEST:
                raise Final(f"upload_{answer.status}")
        raise answer.nameless(self._clock.now())

    def _is_trusted(self, address: str) -> bool:
        """True for TikTok's own hosts; in a sandbox for where its API is."""
        try:
            given, api = urlsplit(address), urlsplit(self._app.api_url)
            host = given.hostname or ""
        except ValueError:
            return False
        if not self._app.is_tiktoks_own:
            return (given.scheme, given.netloc) == (api.scheme, api.netloc)
        return given.scheme == "https" and (host == DOMAIN or host.endswith(f".{DOMAIN}"))


async def _pieces(source: MediaSource, begin: int, end: int) -> AsyncIterator[bytes]:
    while begin < end:
        piece = await source.read(begin, min(PIECE, end - begin))
        if not piece:
            # The request breaks off without the rest: nothing of this piece is kept.
            raise Final("media_too_short")
        yield piece
        begin += len(piece)
