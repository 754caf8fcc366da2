"""TikTok's endpoints, one method each: they answer shapes and raise Trouble by the table of codes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.domain.errors import Trouble
from core.domain.secret import Secret
from core.ports import Clock
from core.providers.shape import Shape, read
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.codes import CODES, DAILY
from core.providers.tiktok.shapes import Begun, Creator, Envelope, Failure, Job, Token, User, UserData
from core.providers.wire import Answer, Call, Effect, Value, Wire, plain

WINDOW = timedelta(minutes=1)
"""Limits count in a sliding minute (tiktok-api-v2-rate-limit)."""
DAY = timedelta(hours=24)
OK = "ok"

Data = TypeVar("Data", bound=Shape)


class Api:
    """Calls for one app. Paths keep their last slash: without it the gateway knows no such path."""

    def __init__(self, *, app: TikTokApp, wire: Wire, clock: Clock) -> None:
        self._app = app
        self._wire = wire
        self._clock = clock

    async def token(self, grant: Mapping[str, Value]) -> Token:
        """Once: spends a code or a refresh token for new tokens."""
        answer = await self._oauth("token", Effect.ONCE, grant)
        return read(Token, answer.body, answer.effect)

    async def revoke(self, access: Secret) -> None:
        """Repeats safely: ends the grant. A success has an empty body or `{}` (the page shows both)."""
        await self._oauth("revoke", Effect.REPEATS, {"token": access})

    async def user(self, access: Secret, *fields: str) -> User:
        """Reads who the token belongs to. `fields` must be asked for by name."""
        call = Call(
            effect=Effect.READS,
            method="GET",
            url=f"{self._app.api_url}/v2/user/info/",
            query={"fields": ",".join(fields)},
            bearer=access,
        )
        return (await self._data(call, UserData)).user

    async def creator(self, access: Secret) -> Creator:
        """Reads the account as somebody who may post now."""
        return await self._data(self._posting("creator_info/query", Effect.READS, access, {}), Creator)

    async def begin(self, endpoint: str, effect: Effect, access: Secret, order: Mapping[str, Any]) -> Begun:
        """Begins a post at one of the init endpoints: an upload, which repeats safely, or a pull, once."""
        return await self._data(self._posting(endpoint, effect, access, order), Begun)

    async def job(self, access: Secret, publish_id: str) -> Job:
        """Reads what became of a publish id."""
        call = self._posting("status/fetch", Effect.READS, access, {"publish_id": publish_id})
        return await self._data(call, Job)

    def _posting(self, endpoint: str, effect: Effect, access: Secret, body: Mapping[str, Any]) -> Call:
        return Call(
            effect=effect,
            method="POST",
            url=f"{self._app.api_url}/v2/post/publish/{endpoint}/",
            json=body,
            headers={"Content-Type": "application/json; charset=UTF-8"},
            bearer=access,
        )

    async def _oauth(self, endpoint: str, effect: Effect, form: Mapping[str, Value]) -> Answer:
        app: Mapping[str, Value] = {
            "client_key": self._app.client_key,
            "client_secret": self._app.client_secret,
        }
        url = f"{self._app.api_url}/v2/oauth/{endpoint}/"
        answer = await self._wire.ask(Call(effect=effect, method="POST", url=url, form={**app, **form}))
        failure = _oauth_failure(answer)
        if failure.code:
            raise self._trouble(failure, answer)
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - what HTTP calls success
            raise answer.nameless(self._clock.now())
        return answer

    async def _data(self, call: Call, shape: type[Data]) -> Data:
        answer = await self._wire.ask(call)
        if answer.body is None:
            raise answer.nameless(self._clock.now())
        envelope = read(Envelope, answer.body, answer.effect)
        if envelope.error.code != OK:
            raise self._trouble(envelope.error, answer)
        return read(shape, envelope.data, answer.effect)

    def _trouble(self, failure: Failure, answer: Answer) -> Trouble:
        code, log_id = plain(failure.code), plain(failure.log_id or failure.logid)
        if not code:
            return answer.nameless(self._clock.now())
        meaning = CODES.get(code)
        if meaning is None:
            return answer.effect.unknown(code, log_id=log_id)
        return meaning.error(code, log_id=log_id, until=self._until(code, answer))

    def _until(self, code: str, answer: Answer) -> datetime:
        now = self._clock.now()
        return answer.retry_at(now) or now + (DAY if code in DAILY else WINDOW)


def _oauth_failure(answer: Answer) -> Failure:
    """Return the error of an OAuth answer. It stands at top level; the HTTP status of errors is undocumented."""
    if not isinstance(answer.body, dict):
        return Failure()
    error = answer.body.get("error") or ""
    if isinstance(error, dict):
        return Failure() if error.get("code") == OK else read(Failure, error, answer.effect)
    return Failure(code=str(error), log_id=str(answer.body.get("log_id") or ""))
