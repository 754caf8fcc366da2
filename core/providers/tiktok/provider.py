"""The Provider port over TikTok. Facts: login-kit-web, oauth-user-access-token-management, creator_info."""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from core.domain.account import Account, Platform
from core.domain.credentials import Credentials, Issued, Proof
from core.domain.errors import Final, GrantLost, ScopeMissing, Throttled
from core.domain.observation import Capability, Observation, Visible
from core.domain.secret import Secret
from core.ports import Clock, Traits
from core.providers.profiles import leads_to
from core.providers.tiktok.api import Api
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.codes import CAPS
from core.providers.tiktok.judging import judging
from core.providers.tiktok.shapes import CappedCreator, Creator, Token, User
from core.providers.tiktok.traits import BASIC, DRAFT, PROFILE, PUBLISH, traits
from core.providers.wire import Wire


class TikTok:
    """Keeps `core.ports.Provider`.

    The scope for drafts has no harmless read of its own: for it `prove` repeats what the token endpoint said.
    """

    def __init__(self, *, app: TikTokApp, wire: Wire, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._api = Api(app=app, wire=wire, clock=clock)
        self._traits = traits(app)

    @property
    def traits(self) -> Traits:
        return self._traits

    def authorize_url(self, *, state: str, redirect_uri: str, needs: frozenset[Capability]) -> str:
        wanted = needs | {Capability.IDENTIFY}
        query = {
            "client_key": self._app.client_key,
            "response_type": "code",
            "scope": ",".join(each.scope for each in self._traits.permissions if each.capability in wanted),
            "redirect_uri": redirect_uri,
            "state": state,
            # Without it TikTok silently reconnects whichever account the browser used last.
            "disable_auto_auth": "1",
        }
        return f"{self._app.auth_url}/v2/auth/authorize/?{urlencode(query)}"

    async def exchange(self, *, code: str, redirect_uri: str, now: datetime) -> Issued:
        try:
            token = await self._api.token(
                {"grant_type": "authorization_code", "code": Secret(code), "redirect_uri": redirect_uri}
            )
        except GrantLost as refused:
            # It is the code that is refused; nothing follows for what an earlier link left us.
            raise Final(refused.code, log_id=refused.log_id) from None
        return _issued(token, None, now)

    async def refresh(self, credentials: Credentials, *, now: datetime) -> Issued:
        if credentials.refresh is None:
            raise Final("no_refresh_token")
        token = await self._api.token({"grant_type": "refresh_token", "refresh_token": credentials.refresh})
        return _issued(token, credentials, now)

    async def revoke(self, credentials: Credentials) -> None:
        await self._api.revoke(credentials.access)

    async def prove(
        self, credentials: Credentials, *, needs: frozenset[Capability], named: str = ""
    ) -> Proof:
        """One call is enough where the token endpoint has just named the account and posting is to be tried."""
        with judging(credentials, self._clock):
            creator = await self._creator(credentials, needs) if named else None
            user = User(open_id=named) if creator is not None else await self._user(credentials)
            if not named:
                creator = await self._creator(credentials, needs)
        granted = {Capability.IDENTIFY}
        if creator is not None:
            granted.add(Capability.PUBLISH)
        if DRAFT.scope in credentials.scopes:
            granted.add(Capability.PUBLISH_DRAFT)
        return Proof(account=_account(user, creator or Creator()), granted=frozenset(granted))

    async def visible_link(self, credentials: Credentials, other: Account) -> Observation:
        """Reads the bio. Its silence proves nothing: the profile's own link field is not in the API."""
        if PROFILE.scope not in credentials.scopes:
            return Observation()
        with judging(credentials, self._clock):
            try:
                user = await self._api.user(credentials.access, "open_id", "bio_description")
            except ScopeMissing:
                return Observation()
        shown = leads_to(user.bio_description, other)
        return Observation(visible=Visible.SHOWN if shown else Visible.UNKNOWN)

    async def _user(self, credentials: Credentials) -> User:
        basic = ("open_id", "display_name")
        if PROFILE.scope in credentials.scopes:
            try:
                return await self._api.user(credentials.access, *basic, "username")
            except ScopeMissing:
                pass  # The owner may have withdrawn only this one.
        return await self._api.user(credentials.access, *basic)

    async def _creator(self, credentials: Credentials, needs: frozenset[Capability]) -> Creator | None:
        """Return None where posting was not granted, or is neither needed nor known to be granted."""
        if Capability.PUBLISH not in needs and PUBLISH.scope not in credentials.scopes:
            return None
        try:
            return await self._api.creator(credentials.access)
        except ScopeMissing:
            return None
        except Throttled as cap:
            if cap.code not in CAPS:
                raise
            return CappedCreator()


def _issued(token: Token, former: Credentials | None, now: datetime) -> Issued:
    """`granted` is empty where a refresh names no scopes: then nothing new is known about them."""
    scopes = token.scopes()
    credentials = Credentials(
        access=Secret(token.access_token.get_secret_value()),
        access_expires_at=now + timedelta(seconds=token.expires_in),
        issued_at=now,
        refresh=former.refresh if former else None,
        refresh_expires_at=former.refresh_expires_at if former else None,
        scopes=scopes or (former.scopes if former else frozenset()),
    )
    # An answer without a new refresh token leaves the former one good; never replace it by nothing.
    if token.refresh_token:
        credentials = replace(credentials, refresh=Secret(token.refresh_token.get_secret_value()))
    if token.refresh_expires_in is not None:
        ends = now + timedelta(seconds=token.refresh_expires_in)
        credentials = replace(credentials, refresh_expires_at=ends)
    granted = frozenset(each.capability for each in (BASIC, DRAFT, PUBLISH) if each.scope in scopes)
    return Issued(credentials=credentials, granted=granted, account_id=token.open_id)


def _account(user: User, creator: Creator) -> Account:
    return Account(
        platform=Platform.TIKTOK,
        id=user.open_id,
        handle=creator.creator_username or user.username,
        ids=frozenset({user.open_id}),
        name=creator.creator_nickname or user.display_name,
        details=creator.details(),
    )
