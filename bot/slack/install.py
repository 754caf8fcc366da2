"""Installing the app into a workspace over OAuth: out to Slack and back, once, in one browser."""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.scopes import SCOPES
from core.domain.ids import fingerprint, new_token
from core.domain.secret import Secret
from core.ports import Clock

_log = structlog.get_logger(__name__)
STATE_LIFE = timedelta(minutes=10)
_SPENT = 10_000


class InstallFault(StrEnum):
    """Why an installation ended without one."""

    CANCELLED = "cancelled"
    FOREIGN = "foreign"
    EXPIRED = "expired"
    USED = "used"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


class NotInstalled(Exception):
    """An installation that came to nothing."""

    def __init__(self, fault: InstallFault) -> None:
        super().__init__(fault)
        self.fault = fault


class InstallationStore(Protocol):
    """The part of slack_sdk's installation store that is written here."""

    async def async_save(self, installation: Installation) -> None:
        """Writes an installation, its tokens sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The app's own, from Slack's app page."""

    client_id: str
    secret: Secret
    authorize_url: str
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledPage:
    """What the page after an installation says. `lacking` are permissions that were not granted."""

    name: str
    lacking: Sequence[str]


class Install:
    """The state is random, bound to the browser by a signed cookie, good for ten minutes and one use.

    A process remembers the states it has seen spent; across processes Slack itself refuses a used code.
    """

    def __init__(
        self, *, app: Credentials, store: InstallationStore, slack: AsyncWebClient, clock: Clock
    ) -> None:
        self._app = app
        self._store = store
        self._slack = slack
        self._clock = clock
        self._spent: OrderedDict[str, None] = OrderedDict()

    def begin(self) -> tuple[str, str]:
        """Return Slack's page to go to, and the cookie that binds this browser."""
        state = new_token()
        ends = str(int((self._clock.now() + STATE_LIFE).timestamp()))
        query = urlencode(
            {
                "client_id": self._app.client_id,
                "scope": ",".join(SCOPES),
                "redirect_uri": self._app.redirect_uri,
                "state": state,
            }
        )
        return f"{self._app.authorize_url}?{query}", f"{ends}.{state}.{self._sign(ends, state)}"

    async def finish(self, query: Mapping[str, str], cookie: str) -> tuple[str, InstalledPage]:
        """Take Slack's answer in; return the workspace and what to say. Raises NotInstalled."""
        self._spend(query.get("state", ""), cookie)
        if query.get("error"):
            raise NotInstalled(InstallFault.CANCELLED)
        if not query.get("code"):
            raise NotInstalled(InstallFault.FOREIGN)
        installation = await self._exchange(query["code"])
        await self._store.async_save(installation)
        workspace = installation.enterprise_id if installation.is_enterprise_install else installation.team_id
        name = installation.enterprise_name if installation.is_enterprise_install else installation.team_name
        granted = installation.bot_scopes or []
        lacking = [scope for scope in SCOPES if scope not in granted]
        return str(workspace), InstalledPage(name=name or "your workspace", lacking=lacking)

    def _sign(self, ends: str, state: str) -> str:
        said = f"install:{ends}:{state}".encode()
        return hmac.new(self._app.secret.reveal().encode(), said, hashlib.sha256).hexdigest()

    def _spend(self, state: str, cookie: str) -> None:
        ends, _, rest = cookie.partition(".")
        kept, _, signature = rest.rpartition(".")
        is_ours = state and kept and state.isascii() and cookie.isascii()
        if not is_ours or not hmac.compare_digest(kept, state):
            raise NotInstalled(InstallFault.FOREIGN)
        if not hmac.compare_digest(self._sign(ends, kept), signature):
            raise NotInstalled(InstallFault.FOREIGN)
        if self._clock.now().timestamp() > int(ends):
            raise NotInstalled(InstallFault.EXPIRED)
        if fingerprint(state) in self._spent:
            raise NotInstalled(InstallFault.USED)
        self._spent[fingerprint(state)] = None
        while len(self._spent) > _SPENT:
            self._spent.popitem(last=False)

    async def _exchange(self, code: str) -> Installation:
        try:
            # Not `oauth_v2_access`: it uses an aiohttp class that is going away.
            answer = await self._slack.api_call(
                "oauth.v2.access",
                data={
                    "client_id": self._app.client_id,
                    "client_secret": self._app.secret.reveal(),
                    "code": code,
                    "redirect_uri": self._app.redirect_uri,
                },
            )
            token = str(answer["access_token"])
            identity = await self._slack.auth_test(token=token)
        except SlackApiError as error:
            _log.info("install refused by slack", code=error.response.get("error"))
            raise NotInstalled(InstallFault.REFUSED) from None
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as lost:
            _log.warning("slack unreachable", error=type(lost).__name__)
            raise NotInstalled(InstallFault.UNREACHABLE) from None
        return _installation(answer.data if isinstance(answer.data, dict) else {}, str(identity["bot_id"]))


def _installation(answer: Mapping[str, Any], bot_id: str) -> Installation:
    team, org = answer.get("team") or {}, answer.get("enterprise") or {}
    return Installation(
        app_id=answer.get("app_id"),
        enterprise_id=org.get("id"),
        enterprise_name=org.get("name"),
        team_id=team.get("id"),
        team_name=team.get("name"),
        bot_token=answer.get("access_token"),
        bot_id=bot_id,
        bot_user_id=answer.get("bot_user_id"),
        bot_scopes=answer.get("scope", ""),
        user_id=(answer.get("authed_user") or {}).get("id", ""),
        is_enterprise_install=bool(answer.get("is_enterprise_install")),
        token_type=answer.get("token_type"),
    )
