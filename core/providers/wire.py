"""One way to send for all adapters: bounded, silent about secrets, and honest about what a lost answer means.

A platform's answer is data and stays here and in the adapter; what leaves as an error is a code, never a body
or an address (Instagram's token calls carry secrets in the query, because the platform wants them there).
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import lru_cache
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from core.domain.errors import Passing, PlatformDown, Throttled, Trouble, Unconfirmed, Unreachable
from core.domain.secret import Secret
from core.providers.pools import Pools

TIMEOUT = httpx.Timeout(10, connect=5, pool=5)
SLOW = httpx.Timeout(60, connect=5, pool=5, write=20)
"""For calls with freight: whoever took so many bytes may need a moment to answer."""
TOTAL = 20.0
"""Seconds that one call may take in all, however slowly its answer dribbles in."""
LARGEST = 256 * 1024
"""Bytes of an answer that are read at most; real ones have a few kilobytes."""

HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Crosslink"}
"""Compressed answers could grow past the bound in one step."""
ADDRESSES = 2_000
"""Addresses that are kept as they were read: one to an account, and some."""

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_PLAIN = re.compile(r"[\w.:/+=-]{1,96}", re.ASCII)

Value = str | Secret


class Effect(Enum):
    """What a call does at the platform, in the ports' words; from it follows what a missing answer means."""

    READS = auto()
    REPEATS = auto()
    ONCE = auto()

    def lost(self, code: str) -> Trouble:
        """Return the error for a request that went out and got no readable answer."""
        return Unconfirmed(code) if self is Effect.ONCE else Unreachable(code)

    def unknown(self, code: str, *, log_id: str = "") -> Trouble:
        """Return the error for an answer that no table knows."""
        kind = Unconfirmed if self is Effect.ONCE else Passing
        return kind(code, log_id=log_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight:
    """Bytes to send, `size` of them, read as they leave. `seconds` is what the whole call may take with them."""

    pieces: AsyncIterable[bytes]
    size: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. Secrets stay wrapped until the moment of sending.

    What comes back for `freight` is in status and headers: the body is not looked at.
    """

    effect: Effect
    method: str
    url: Value
    query: Mapping[str, Value] = field(default_factory=dict)
    form: Mapping[str, Value] | None = None
    json: Mapping[str, Any] | None = None
    freight: Freight | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    bearer: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `body` is parsed JSON, {} for an empty one, None where a failing gateway sent something else."""

    status: int
    body: Any = field(repr=False)
    headers: httpx.Headers = field(repr=False)
    effect: Effect

    def nameless(self, now: datetime) -> Trouble:
        """Return the error for an answer that names no code of its platform, by its HTTP status alone.

        503 says that nothing was done. Any other 5xx may come from a gateway in front of one who did it.
        """
        code = f"http_{self.status}"
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return Throttled(code, until=self.retry_at(now))
        is_certain = self.status == HTTPStatus.SERVICE_UNAVAILABLE or self.effect is not Effect.ONCE
        if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR and is_certain:
            return PlatformDown(code)
        return self.effect.unknown(code)

    def retry_at(self, now: datetime) -> datetime | None:
        """Return the moment that `Retry-After` names in seconds, None without one."""
        seconds = self.headers.get("Retry-After", "").strip()
        return now + timedelta(seconds=int(seconds)) if re.fullmatch(r"[0-9]{1,6}", seconds) else None


class _Unreadable(Enum):
    """Stands for a body until nobody holds it any more: an error reporter may print the locals it passes."""

    NO_JSON = "unreadable_answer"
    TOO_LARGE = "answer_too_large"


class Wire:
    """Sends calls over an injected transport. Raises Trouble and nothing else.

    No client is in between: nothing follows redirects, carries one account's cookies into another's calls or writes
    addresses into a log, and a call costs us a third of what it would.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, *, total: float = TOTAL, largest: int = LARGEST
    ) -> None:
        self._transport = transport
        self._total = total
        self._largest = largest

    async def ask(self, call: Call) -> Answer:
        """Send one call and read its answer, whatever its HTTP status.

        Raises Unreachable where the request never went out. Where it did and the answer is lost, late, too large
        or no JSON, raises Unreachable, or Unconfirmed for what happens only once. Trouble with reading the freight
        comes through: the request then broke off.
        """
        try:
            async with asyncio.timeout(call.freight.seconds if call.freight else self._total):
                answer = await self._send(call)
        except Trouble as own:
            # Its traceback leads through frames that hold the address in clear.
            raise own.with_traceback(None) from None
        except _NEVER_SENT as never:
            raise Unreachable(type(never).__name__) from None
        except (httpx.HTTPError, TimeoutError) as lost:
            raise call.effect.lost(type(lost).__name__) from None
        if isinstance(answer.body, _Unreadable):
            raise call.effect.lost(answer.body.value)
        return answer

    async def _send(self, call: Call) -> Answer:
        response = await self._transport.handle_async_request(_request(call))
        raw = bytearray()
        try:
            async for piece in response.aiter_bytes():
                raw += piece
                if len(raw) > self._largest:
                    break
        finally:
            await response.aclose()
        status = response.status_code
        body: Any = None
        if call.freight is None:
            body = _Unreadable.TOO_LARGE if len(raw) > self._largest else _read(raw, status)
        return Answer(status=status, body=body, headers=response.headers, effect=call.effect)


def open_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Return a client for whoever needs one, over a transport that it closes with itself.

    `transport` is another way than connections of its own. It keeps no cookies, which would carry one account's
    session into another's calls, and reads no environment.
    """
    logging.getLogger("httpx").addFilter(_WITHOUT_QUERY)
    nowhere = CookieJar(policy=DefaultCookiePolicy(allowed_domains=()))
    return httpx.AsyncClient(
        timeout=TIMEOUT, trust_env=False, cookies=nowhere, transport=transport or Pools()
    )


def plain(value: object) -> str:
    """Return a platform's code or id fit for logs and errors; "" for anything that is not plainly one."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _PLAIN.fullmatch(text) else ""


def _request(call: Call) -> httpx.Request:
    timeout = TIMEOUT if call.freight is None else SLOW
    return httpx.Request(
        call.method,
        _address(call),
        data=_clear(call.form) if call.form is not None else None,
        json=call.json,
        content=call.freight.pieces if call.freight else None,
        headers=_headers(call),
        extensions={"timeout": timeout.as_dict()},
    )


def _address(call: Call) -> httpx.URL:
    """Addresses without secrets are the same again and again, and reading one costs as much as the rest of a call."""
    query = tuple(_clear(call.query).items())
    is_secret = any(isinstance(each, Secret) for each in (call.url, *call.query.values()))
    return (_put_together if is_secret else _known_address)(_open(call.url), query)


def _put_together(url: str, query: tuple[tuple[str, str], ...]) -> httpx.URL:
    return httpx.URL(url, params=query) if query else httpx.URL(url)


_known_address = lru_cache(ADDRESSES)(_put_together)


def _open(value: Value) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _clear(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: _open(each) for name, each in values.items()}


def _headers(call: Call) -> dict[str, str]:
    headers = {**HEADERS, **call.headers}
    if call.freight is not None:
        headers["Content-Length"] = str(call.freight.size)
    return headers | ({"Authorization": f"Bearer {call.bearer.reveal()}"} if call.bearer else {})


def _read(raw: bytearray, status: int) -> Any:
    if not raw.strip():
        return {}
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            return None
        return _Unreadable.NO_JSON


class _WithoutQuery(logging.Filter):
    """httpx logs every address at INFO with its query, which is where Instagram wants secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                each.copy_with(query=None) if isinstance(each, httpx.URL) else each for each in record.args
            )
        return True


_WITHOUT_QUERY = _WithoutQuery()
