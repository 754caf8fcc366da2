"""The Publisher port over TikTok's Content Posting API: films are sent in pieces, pictures are fetched by TikTok.

Of a film, the last piece is what makes it public; of pictures, the one call there is.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import timedelta

from core.domain.account import Account
from core.domain.credentials import Credentials
from core.domain.delivery import Blame, Ticket
from core.domain.errors import Final, Passing, PlatformDown, Throttled, Trouble, Unconfirmed
from core.domain.secret import Secret
from core.ports import TICKET_GONE, Act, Allowance, Cargo, Clock, Look, MediaSource, Pace, Sight
from core.providers.tiktok.api import Api
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.codes import BLAMES, CAPS
from core.providers.tiktok.judging import judging
from core.providers.tiktok.orders import PHOTO, endpoint, is_photo, photo_order, video_order
from core.providers.tiktok.plan import Plan, planned
from core.providers.tiktok.shapes import Begun
from core.providers.tiktok.sights import looked, permalink
from core.providers.tiktok.upload import Receipt, Taken, UploadHost
from core.providers.wire import Effect, Wire

UPLOAD_LASTS = timedelta(hours=1)
"""How long an upload address takes bytes (content-posting-api-reference-direct-post)."""
SOONER = timedelta(minutes=1)
"""Nothing is sent to an address this near its end."""
MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)
STEPS_BACK = 3
"""How often in a row the host may say that it is somewhere else before we give it a rest."""
CERTAIN = frozenset({"http_503"})
"""Trouble on TikTok's side that says for sure that nothing was done."""


class TikTokPublisher:
    """Keeps `core.ports.Publisher`."""

    def __init__(self, *, app: TikTokApp, wire: Wire, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._api = Api(app=app, wire=wire, clock=clock)
        self._host = UploadHost(app=app, wire=wire, clock=clock)

    def blame(self, code: str) -> Blame:
        return BLAMES.get(code, Blame.PLATFORM)

    def paces(self, act: Act, cargo: Cargo) -> Sequence[Pace]:
        """Five drafts a day is what TikTok lets wait; whether the creator posted them meanwhile nobody tells us."""
        begins = Act.ASK if is_photo(cargo) else Act.PREPARE
        if act is begins:
            init = Pace(endpoint=f"tiktok.{endpoint(cargo)}", most=6, window=MINUTE)
            drafts = Pace(endpoint="tiktok.drafts", most=5, window=DAY)
            return (init, drafts) if cargo.target.tiktok.to_inbox else (init,)
        if act is Act.LOOK:
            return (Pace(endpoint="tiktok.status/fetch", most=30, window=MINUTE),)
        if act is Act.ALLOWANCE:
            return (Pace(endpoint="tiktok.creator_info/query", most=20, window=MINUTE),)
        return ()

    async def allowance(self, credentials: Credentials, account: Account) -> Allowance:
        """TikTok only says when there is nothing left."""
        del account
        try:
            with judging(credentials, self._clock):
                await self._api.creator(credentials.access)
        except Throttled as cap:
            if cap.code not in CAPS:
                raise
            return Allowance(left=0, total=None)
        return Allowance(left=None, total=None)

    async def prepare(self, credentials: Credentials, account: Account, cargo: Cargo) -> Ticket:
        """Pictures need nothing beforehand: there is one call, which is `ask`."""
        del account
        if is_photo(cargo):
            return Ticket(is_ready=True)
        item = cargo.items[0]
        plan, begins_at = planned(item.size), self._clock.now()
        order = video_order(cargo, plan)
        with judging(credentials, self._clock):
            begun = await self._api.begin(order.endpoint, Effect.REPEATS, credentials.access, order.body)
        if begun.upload_url is None:
            raise Passing("no_upload_url")
        return Ticket(
            reference=begun.publish_id,
            upload=Secret(begun.upload_url.get_secret_value()),
            upload_until=begins_at + UPLOAD_LASTS,
            chunk=plan.chunk,
            total=plan.size,
            is_ready=plan.last == 0,
        )

    async def upload(
        self,
        credentials: Credentials,
        account: Account,
        cargo: Cargo,
        ticket: Ticket,
        source: MediaSource | None,
    ) -> AsyncGenerator[Ticket, None]:
        """Sends every piece but the last."""
        del credentials, account
        if is_photo(cargo):
            yield replace(ticket, is_ready=True)
            return
        file, plan, steps_back = _opened(source, ticket), Plan(ticket.total, ticket.chunk), 0
        while ticket.sent < plan.last:
            self._must_be_open(ticket)
            receipt = await self._host.put(Effect.REPEATS, ticket, file, ticket.sent)
            sent = _progress(receipt, plan.end(ticket.sent))
            steps_back = 0 if sent > ticket.sent else steps_back + 1
            if steps_back >= STEPS_BACK:
                raise Passing("upload_out_of_step")
            ticket = replace(ticket, sent=sent, is_ready=sent >= plan.last)
            yield ticket
        if not ticket.is_ready:
            yield replace(ticket, is_ready=True)

    async def ask(
        self,
        credentials: Credentials,
        account: Account,
        cargo: Cargo,
        ticket: Ticket,
        source: MediaSource | None,
    ) -> tuple[Ticket, Look]:
        """Sends the last piece, or has TikTok fetch the pictures."""
        if is_photo(cargo):
            begun = await self._fetched(credentials, cargo)
            return replace(ticket, reference=begun.publish_id), Look(sight=Sight.PROCESSING)
        plan = Plan(ticket.total, ticket.chunk)
        self._must_be_open(ticket)
        receipt = await self._host.put(Effect.ONCE, ticket, _opened(source, ticket), plan.last)
        if receipt.taken is Taken.ALL or receipt.sent == plan.size:
            return replace(ticket, sent=plan.size), Look(sight=Sight.PROCESSING, sent=plan.size)
        return await self._settled(credentials, account, cargo, ticket)

    async def look(self, credentials: Credentials, account: Account, cargo: Cargo, ticket: Ticket) -> Look:
        if not ticket.reference:
            return Look(sight=Sight.UNKNOWN)
        try:
            with judging(credentials, self._clock):
                job = await self._api.job(credentials.access, ticket.reference)
        except Final as refused:
            if refused.code in {"invalid_publish_id", "token_not_authorized_for_specified_publish_id"}:
                return Look(sight=Sight.UNKNOWN)
            # A question that is refused says nothing about what became of the post.
            raise Passing(refused.code, log_id=refused.log_id) from None
        look = looked(job, cargo, ticket, now=self._clock.now())
        return replace(look, permalink=permalink(self._app.auth_url, cargo, account, look.ids))

    async def _fetched(self, credentials: Credentials, cargo: Cargo) -> Begun:
        order = photo_order(cargo)
        try:
            with judging(credentials, self._clock):
                return await self._api.begin(PHOTO, Effect.ONCE, credentials.access, order.body)
        except PlatformDown as down:
            if down.code in CERTAIN:
                raise
            raise Unconfirmed(down.code, log_id=down.log_id) from None

    async def _settled(
        self, credentials: Credentials, account: Account, cargo: Cargo, ticket: Ticket
    ) -> tuple[Ticket, Look]:
        """The host took no last piece: because it has one already, or because it takes none any more."""
        try:
            look = await self.look(credentials, account, cargo, ticket)
        except Trouble as unseen:
            raise Unconfirmed(unseen.code, log_id=unseen.log_id) from None
        if look.sight in {Sight.ABSENT, Sight.GONE}:
            raise Final(TICKET_GONE)
        if look.sight is Sight.UNKNOWN:
            raise Unconfirmed("upload_out_of_step")
        return ticket, look

    def _must_be_open(self, ticket: Ticket) -> None:
        if ticket.upload is None:
            raise Final(TICKET_GONE)
        if ticket.upload_until is not None and self._clock.now() >= ticket.upload_until - SOONER:
            raise Final(TICKET_GONE)


def _opened(source: MediaSource | None, ticket: Ticket) -> MediaSource:
    if source is None or source.size != ticket.total:
        raise Final("media_too_short")
    return source


def _progress(receipt: Receipt, end: int) -> int:
    """Return how many bytes the host has after a piece that ends at `end`. Raises Final where it takes none."""
    if receipt.taken is Taken.GONE:
        raise Final(TICKET_GONE)
    if receipt.sent is not None:
        return receipt.sent
    if receipt.taken is Taken.OUT_OF_STEP:
        raise Final(TICKET_GONE)
    return end
