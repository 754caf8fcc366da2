"""Which workspace a request belongs to, and the token we act with there.

Bolt's own store-backed authorization calls `auth.test` for every request and caches without end; this one
reads the sealed installation, remembers it for a short while, and is told when it ends.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Bot

from bot.workspaces import is_org
from core.domain.secret import Secret
from core.ports import Clock

REMEMBERED_FOR = timedelta(seconds=60)
"""How long a process may act on an installation that another process has ended meanwhile."""
REMEMBERED = 2000

TEAMS = "crosslink_teams"
"""The context's name for the workspaces a request may belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The app in one workspace (or, for an installation across an org, in that org)."""

    workspace: str
    token: Secret
    bot_id: str
    bot_user: str


class InstallationStore(Protocol):
    """The part of slack_sdk's installation store that is asked here."""

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Reads the newest installation of a workspace or org."""


class Installations:
    """Finds installations by workspace, from a bounded memory that forgets by itself."""

    def __init__(
        self, *, clock: Clock, store: InstallationStore | None = None, only: Installed | None = None
    ) -> None:
        self._clock = clock
        self._store = store
        self._only = only
        self._known: OrderedDict[str, tuple[datetime, Installed]] = OrderedDict()

    def serve_only(self, installed: Installed) -> None:
        """From now on there is this one workspace."""
        self._only = installed

    async def of(self, workspace: str) -> Installed | None:
        """Return the installation of a workspace (`T…`) or org (`E…`); None where there is none."""
        if self._only is not None:
            return self._only if self._only.workspace == workspace else None
        now = self._clock.now()
        known = self._known.get(workspace)
        if known is not None and timedelta() <= now - known[0] < REMEMBERED_FOR:
            return known[1]
        found = await self._find(workspace)
        self._known.pop(workspace, None)
        if found is not None:
            self._known[workspace] = (now, found)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def forget(self, workspace: str) -> None:
        """Ask the store the next time: the installation changed or ended."""
        self._known.pop(workspace, None)

    async def _find(self, workspace: str) -> Installed | None:
        if self._store is None:
            return None
        is_whole = is_org(workspace)
        bot = await self._store.async_find_bot(
            enterprise_id=workspace if is_whole else None,
            team_id=None if is_whole else workspace,
            is_enterprise_install=is_whole,
        )
        if bot is None or not bot.bot_token:
            return None
        return Installed(
            workspace=workspace,
            token=Secret(bot.bot_token),
            bot_id=bot.bot_id or "",
            bot_user=bot.bot_user_id or "",
        )


def candidates(body: Mapping[str, Any]) -> Sequence[str]:
    """Return the workspaces a payload may belong to, likeliest first.

    A click by somebody from another workspace (Slack Connect) may name theirs as the team; the message or view
    that was clicked names ours. All of it is inside the signed body.
    """
    view = body.get("view") or {}
    message = body.get("message") or {} if body.get("type") == "block_actions" else {}
    grants = body.get("authorizations") or [{}]
    org = (body.get("enterprise") or {}).get("id") or body.get("enterprise_id")
    across = body.get("is_enterprise_install") in {True, "true"} or grants[0].get("is_enterprise_install")
    found = (
        org if across else None,
        view.get("app_installed_team_id"),
        message.get("team"),
        grants[0].get("team_id"),
        (body.get("team") or {}).get("id"),
        body.get("team_id"),
        (body.get("user") or {}).get("team_id") if isinstance(body.get("user"), Mapping) else None,
    )
    return tuple(dict.fromkeys(each for each in found if isinstance(each, str) and each))


class NamesTeams(AsyncMiddleware):
    """Puts the workspaces a request may belong to into its context, before it is authorized."""

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], Any],  # noqa: A002 - Bolt's name
    ) -> BoltResponse | None:
        """Keep the candidates; the request goes on in any case."""
        req.context[TEAMS] = candidates(req.body)
        answer: BoltResponse | None = await next()
        return answer


class Authorize(AsyncAuthorize):
    """Answers Bolt. A workspace without the app is let through without a token, so that it is answered in words."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_actor: str | None,
    ) -> AuthorizeResult:
        """Reads the first of the request's workspaces that has the app; its id becomes the result's team."""
        for workspace in context.get(TEAMS) or ():
            installed = await self._installations.of(workspace)
            if installed is not None:
                return AuthorizeResult(
                    enterprise_id=enterprise_id,
                    team_id=workspace,
                    bot_id=installed.bot_id,
                    bot_user_id=installed.bot_user,
                    bot_token=installed.token.reveal(),
                    user_id=user_id,
                )
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)
