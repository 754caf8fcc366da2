"""Instagram's endpoints, one method each: they answer shapes and raise Trouble by the table of codes."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from core.domain.errors import AccountUnfit, Trouble
from core.domain.secret import Secret
from core.ports import Clock
from core.providers.instagram.app import InstagramApp
from core.providers.instagram.codes import EXCHANGE_REFUSED, meaning
from core.providers.instagram.shapes import (
    Container,
    Failure,
    Feed,
    FlatFailure,
    Limit,
    LongToken,
    Made,
    Me,
    Medium,
    Profile,
    ShortToken,
    unwrapped,
)
from core.providers.shape import read
from core.providers.wire import Answer, Call, Effect, Value, Wire, plain

ME_FIELDS = "id,user_id,username,name,account_type"

MEDIUM_FIELDS = "id,caption,media_type,permalink,timestamp"
FULL = 2207042
CAP_PAUSE = timedelta(hours=1)
"""The subcode of a used-up quota, and when to try again: it is counted over the last 24 hours at any time."""


class Api:
    """Calls for one app. OAuth endpoints are unversioned and take the token in the query, all others in a header."""

    def __init__(self, *, app: InstagramApp, wire: Wire, clock: Clock) -> None:
        self._app = app
        self._wire = wire
        self._clock = clock

    async def short_token(self, code: str, redirect_uri: str) -> ShortToken:
        """Once: spends a code for a token that lives an hour."""
        call = Call(
            effect=Effect.ONCE,
            method="POST",
            url=f"{self._app.token_url}/oauth/access_token",
            form={
                "client_id": self._app.app_id,
                "client_secret": self._app.app_secret,
                "grant_type": "authorization_code",
                "redirect_uri": redirect_uri,
                "code": Secret(code),
            },
        )
        answer = await self._ask(call)
        return read(ShortToken, unwrapped(answer.body), answer.effect)

    async def long_token(self, short: Secret) -> LongToken:
        """Once: turns a short-lived token into one that can be kept."""
        return await self._token(
            "access_token",
            {
                "grant_type": "ig_exchange_token",
                "client_secret": self._app.app_secret,
                "access_token": short,
            },
        )

    async def renewed_token(self, long: Secret) -> LongToken:
        """Once: extends a long-lived token that is at least a day old."""
        return await self._token(
            "refresh_access_token", {"grant_type": "ig_refresh_token", "access_token": long}
        )

    async def me(self, access: Secret) -> Me:
        """Reads who the token belongs to."""
        answer = await self._read("me", access, ME_FIELDS)
        return read(Me, unwrapped(answer.body), answer.effect)

    async def profile(self, access: Secret, field: str) -> Profile:
        """Reads one public field. Whether this host has it is not documented: one at a time."""
        answer = await self._read("me", access, field)
        return read(Profile, unwrapped(answer.body), answer.effect)

    async def publishing_limit(self, access: Secret, account: str) -> Limit:
        """Reads the posting quota, which needs the permission to publish and changes nothing."""
        answer = await self._read(f"{account}/content_publishing_limit", access, "quota_usage,config")
        return read(Limit, unwrapped(answer.body), answer.effect)

    async def make(self, access: Secret, account: str, order: Mapping[str, str]) -> str:
        """Repeats safely: makes a container of media that Instagram fetches; nobody sees it."""
        answer = await self._post(f"{account}/media", Effect.REPEATS, access, order)
        return read(Made, answer.body, answer.effect).id

    async def container(self, access: Secret, container: str) -> Container:
        """Reads how far a container is."""
        answer = await self._read(container, access, "status_code,status")
        return read(Container, unwrapped(answer.body), answer.effect)

    async def publish(self, access: Secret, account: str, container: str) -> str:
        """Once: makes a container public; returns the medium's id."""
        order = {"creation_id": container}
        answer = await self._post(f"{account}/media_publish", Effect.ONCE, access, order)
        return read(Made, answer.body, answer.effect).id

    async def medium(self, access: Secret, medium: str) -> Medium:
        """Reads what is public of a medium."""
        answer = await self._read(medium, access, "id,permalink")
        return read(Medium, unwrapped(answer.body), answer.effect)

    async def feed(self, access: Secret, account: str, edge: str) -> Feed:
        """Reads what an account published last: `media`, which has no stories, or `stories`."""
        answer = await self._read(f"{account}/{edge}", access, MEDIUM_FIELDS, limit="50")
        return read(Feed, answer.body, answer.effect)

    async def _token(self, endpoint: str, query: Mapping[str, Value]) -> LongToken:
        url = f"{self._app.graph_url}/{endpoint}"
        answer = await self._ask(Call(effect=Effect.ONCE, method="GET", url=url, query=query))
        return read(LongToken, answer.body, answer.effect)

    async def _read(self, path: str, access: Secret, fields: str, **more: str) -> Answer:
        return await self._versioned(
            path,
            lambda url: Call(
                effect=Effect.READS, method="GET", url=url, query={"fields": fields, **more}, bearer=access
            ),
        )

    async def _post(self, path: str, effect: Effect, access: Secret, form: Mapping[str, str]) -> Answer:
        return await self._versioned(
            path, lambda url: Call(effect=effect, method="POST", url=url, form=form, bearer=access)
        )

    async def _versioned(self, path: str, call: Callable[[str], Call]) -> Answer:
        try:
            return await self._ask(call(f"{self._app.graph_url}/{self._app.version}/{path}"))
        except AccountUnfit:
            # A host that takes no version says the same (one report): only without one is it the account's fault.
            return await self._ask(call(f"{self._app.graph_url}/{path}"))

    async def _ask(self, call: Call) -> Answer:
        """Refusals come with HTTP 400 mostly, whatever they mean: the body decides."""
        answer = await self._wire.ask(call)
        if (trouble := self._trouble(answer)) is not None:
            raise trouble
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - what HTTP calls success
            raise answer.nameless(self._clock.now())
        return answer

    def _trouble(self, answer: Answer) -> Trouble | None:
        body = answer.body if isinstance(answer.body, dict) else {}
        try:
            if "error_type" in body:
                return _refused_exchange(FlatFailure.model_validate(body), answer)
            if "error" in body:
                return self._refused(Failure.model_validate(body["error"]), answer)
        except ValidationError:
            return answer.nameless(self._clock.now())
        return None

    def _refused(self, failure: Failure, answer: Answer) -> Trouble:
        code, log_id = plain(failure.name), plain(failure.fbtrace_id)
        known = meaning(failure.code, failure.error_subcode, failure.type, failure.message)
        if known is None:
            return answer.effect.unknown(code, log_id=log_id)
        now = self._clock.now()
        until = now + CAP_PAUSE if failure.error_subcode == FULL else regained(answer, now)
        return known.error(code, log_id=log_id, until=until)


def _refused_exchange(failure: FlatFailure, answer: Answer) -> Trouble:
    code = plain(f"{failure.error_type}/{failure.code}")
    known = failure.error_type == "OAuthException"
    return EXCHANGE_REFUSED.error(code) if known else answer.effect.unknown(code)


def regained(answer: Answer, now: datetime) -> datetime | None:
    """Return when the account may be asked again, as X-Business-Use-Case-Usage says in minutes."""
    try:
        usage = json.loads(answer.headers.get("X-Business-Use-Case-Usage", "{}"))
        minutes = [_minutes(each) for uses in usage.values() for each in uses]
    except (ValueError, AttributeError, TypeError, RecursionError):
        minutes = []
    longest = max(minutes, default=0)
    return now + timedelta(minutes=longest) if longest else answer.retry_at(now)


def _minutes(use: Any) -> int:
    return max(0, min(int(use.get("estimated_time_to_regain_access", 0)), 24 * 60))
