"""One connection's worth of a stranger's server: bounded in time, counted in bytes, silent about who we are."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from core.domain.refusals import Refusal
from core.media.guard import Address, Pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a stranger's server may cost us. Times in seconds, sizes in bytes.

    In each `window` at least `slowest` × `window` bytes must come; a server that drips is given up.
    """

    largest: int = 4 << 30
    first_byte: float = 15.0
    window: float = 10.0
    slowest: int = 16 * 1024
    looking: float = 120.0
    fetching: float = 3600.0
    redirects: int = 3
    dialled: int = 3


class Line:
    """One server, at the one address that was checked. Redirects are not followed here."""

    def __init__(self, pinned: Pinned, address: Address, bounds: Bounds, tls: ssl.SSLContext) -> None:
        self.pinned = pinned
        self.bounds = bounds
        self.fetched = 0
        self._url = pinned.at(address)
        # The trust is in the address: neither a proxy of the environment nor a cookie has a say.
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(verify=tls, trust_env=False),
            trust_env=False,
            timeout=httpx.Timeout(bounds.first_byte),
        )

    @asynccontextmanager
    async def ask(self, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        """Open an answer; its body is not read. Raises Refusal, also for what goes wrong while it is read."""
        request = self._client.build_request(
            "GET",
            self._url,
            headers={
                "Host": self.pinned.host_header,
                "Accept": "*/*",
                # A compressed answer could be a thousand times what was sent.
                "Accept-Encoding": "identity",
                **headers,
            },
            extensions={"sni_hostname": self.pinned.tls_name},
        )
        host = self.pinned.tls_name
        try:
            async with asyncio.timeout(self.bounds.first_byte):
                response = await self._client.send(request, stream=True, follow_redirects=False)
            try:
                yield response
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
            raise Refusal(_why(error), host=host) from None

    async def body(self, response: httpx.Response, *, limit: int) -> AsyncIterator[bytes]:
        """Read an answer's body up to `limit` bytes, counting. Raises Refusal `url_too_slow`."""
        loop = asyncio.get_running_loop()
        pieces = response.aiter_raw().__aiter__()
        ends, seen, left = loop.time() + self.bounds.window, 0, limit
        while left > 0:
            try:
                async with asyncio.timeout(self.bounds.window):
                    piece = await anext(pieces, b"")
            except TimeoutError:
                raise Refusal("url_too_slow", host=self.pinned.tls_name) from None
            if not piece:
                return
            piece = piece[:left]
            left, seen, self.fetched = left - len(piece), seen + len(piece), self.fetched + len(piece)
            yield piece
            if loop.time() >= ends:
                if seen < self.bounds.slowest * self.bounds.window:
                    raise Refusal("url_too_slow", host=self.pinned.tls_name)
                ends, seen = loop.time() + self.bounds.window, 0

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()


def _why(error: Exception) -> str:
    """Return the sentence's code: a certificate that doesn't prove the name is not silence."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "url_certificate"
        cause = cause.__cause__ or cause.__context__
    return "url_no_answer"
