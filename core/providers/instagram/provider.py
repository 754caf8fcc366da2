"""The Provider port over Instagram Login. Facts: business-login, refresh_access_token, content_publishing_limit."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from core.domain.account import Account, Platform
from core.domain.credentials import Credentials, Issued, Proof
from core.domain.errors import (
    AccountUnfit,
    Final,
    GrantLost,
    Passing,
    PlatformDown,
    ScopeMissing,
    Unconfirmed,
    Unreachable,
)
from core.domain.observation import Capability, Grant, Observation, Visible
from core.domain.secret import Secret
from core.ports import Clock, Traits
from core.providers.instagram.api import Api
from core.providers.instagram.app import InstagramApp
from core.providers.instagram.judging import judging
from core.providers.instagram.nodes import Nodes
from core.providers.instagram.shapes import Limit, LongToken, Me
from core.providers.instagram.traits import traits
from core.providers.profiles import leads_to
from core.providers.wire import Wire

UNRENEWABLE = timedelta(hours=24)
"""A token cannot be extended in its first day, so one that lives no longer is no token to keep."""
UNFIT = Observation(grant=Grant.NARROWED, granted=frozenset())
"""An account that turned personal has left the API altogether."""


class Instagram:
    """Keeps `core.ports.Provider`. The long-lived token is both what we use and what gets extended."""

    def __init__(self, *, app: InstagramApp, wire: Wire, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._api = Api(app=app, wire=wire, clock=clock)
        self._traits = traits(app)
        self._nodes = Nodes()

    @property
    def traits(self) -> Traits:
        return self._traits

    def authorize_url(self, *, state: str, redirect_uri: str, needs: frozenset[Capability]) -> str:
        wanted = needs | {Capability.IDENTIFY}
        query = {
            "client_id": self._app.app_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": ",".join(each.scope for each in self._traits.permissions if each.capability in wanted),
            "state": state,
            "enable_fb_login": "0",
        }
        if self._app.force_reauth:
            query["force_reauth"] = "true"
        return f"{self._app.auth_url}/oauth/authorize?{urlencode(query)}"

    async def exchange(self, *, code: str, redirect_uri: str, now: datetime) -> Issued:
        try:
            # "#_" trails the code in the address and is no part of it.
            short = await self._api.short_token(code.removesuffix("#_"), redirect_uri)
            long = await self._long(Secret(short.access_token.get_secret_value()))
        except GrantLost as refused:
            # What is refused is minutes old; nothing follows for what an earlier link left us.
            raise Final(refused.code, log_id=refused.log_id) from None
        credentials = _credentials(long, short.scopes(), now)
        granted = frozenset(
            each.capability for each in self._traits.permissions if each.scope in credentials.scopes
        )
        return Issued(credentials=credentials, granted=granted, account_id=short.user_id)

    async def _long(self, short: Secret) -> LongToken:
        """The code is spent by now, so whatever fails here, the person has to begin again."""
        try:
            long = await self._api.long_token(short)
        except Unreachable as lost:
            raise Unconfirmed(lost.code) from None
        if timedelta(seconds=long.expires_in) <= UNRENEWABLE:
            raise PlatformDown("short_lived_token")
        return long

    async def refresh(self, credentials: Credentials, *, now: datetime) -> Issued:
        """The answer names no permissions, so `granted` stays empty."""
        with judging(credentials, self._clock):
            long = await self._api.renewed_token(credentials.access)
        return Issued(credentials=_credentials(long, credentials.scopes, now), granted=frozenset())

    async def revoke(self, credentials: Credentials) -> None:
        """No page documents an endpoint. Several projects send a DELETE, and none has seen it end a grant."""
        del credentials
        raise Final("no_revoke_endpoint")

    async def prove(
        self, credentials: Credentials, *, needs: frozenset[Capability], named: str = ""
    ) -> Proof:
        """Instagram's renewals name nobody."""
        del named
        with judging(credentials, self._clock):
            me = await self._me(credentials)
            limit = await self._limit(credentials, me) if Capability.PUBLISH in needs else None
        publishes = {Capability.PUBLISH} if limit is not None else set()
        return Proof(account=_account(me, limit), granted=frozenset({Capability.IDENTIFY} | publishes))

    async def visible_link(self, credentials: Credentials, other: Account) -> Observation:
        """Reads biography and website. Hidden is only what neither of them shows, both having been readable."""
        with judging(credentials, self._clock):
            texts = [await self._text(credentials, field) for field in ("biography", "website")]
        if any(text and leads_to(text, other) for text in texts):
            return Observation(visible=Visible.SHOWN)
        if None in texts or other.handle is None:
            return Observation()
        return Observation(visible=Visible.HIDDEN)

    async def _text(self, credentials: Credentials, field: str) -> str | None:
        try:
            profile = await self._api.profile(credentials.access, field)
        except (Final, ScopeMissing, AccountUnfit):
            return None  # "nonexisting field": not every host has them
        return f"{profile.biography} {profile.website}"

    async def _me(self, credentials: Credentials) -> Me:
        try:
            me = await self._api.me(credentials.access)
        except ScopeMissing as unsure:
            # A permission code that nothing else confirms is no evidence (docs/sources.md).
            raise Passing(unsure.code, log_id=unsure.log_id) from None
        if me.is_personal:
            raise AccountUnfit("personal_account", UNFIT)
        if not (me.user_id or me.id):
            raise Unreachable("unreadable_answer")
        return me

    async def _limit(self, credentials: Credentials, me: Me) -> Limit | None:
        """Return None where the permission is missing, which the answer of /me has just confirmed."""
        try:
            return await self._limit_of(credentials, me)
        except ScopeMissing:
            return None

    async def _limit_of(self, credentials: Credentials, me: Me) -> Limit:
        return await self._nodes.ask(
            me.user_id or me.id,
            {me.id, me.user_id},
            lambda node: self._api.publishing_limit(credentials.access, node),
        )


def _credentials(long: LongToken, scopes: frozenset[str], now: datetime) -> Credentials:
    return Credentials(
        access=Secret(long.access_token.get_secret_value()),
        access_expires_at=now + timedelta(seconds=long.expires_in),
        issued_at=now,
        scopes=scopes,
    )


def _account(me: Me, limit: Limit | None) -> Account:
    details = {"account_type": me.account_type.casefold()} if me.account_type else {}
    if limit and limit.config.quota_total is not None:
        details["quota_total"] = str(limit.config.quota_total)
    if limit and limit.left is not None:
        details["quota_left"] = str(limit.left)
    return Account(
        platform=Platform.INSTAGRAM,
        id=me.user_id or me.id,
        handle=me.username,
        ids=frozenset({me.id, me.user_id} - {""}),
        name=me.name,
        details=details,
    )
