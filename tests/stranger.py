"""A stranger's https server on this machine, and the one hole through which the guard lets a test reach it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.media.guard import Address, Guard, PublicInternet
from core.media.line import Bounds
from core.media.remote import Remote

HOST = "media.example"
HERE = ip_address("127.0.0.1")
PIECE = 1 << 20


class Doors:
    """Keeps Addresses: names lead where the test says, and exactly the test's own server is open besides the public."""

    def __init__(self, port: int, names: Mapping[str, list[list[str]]] | None = None) -> None:
        self.port = port
        self.names = {name: list(answers) for name, answers in (names or {}).items()}
        self.asked: list[str] = []

    async def of(self, host: str) -> list[Address]:
        self.asked.append(host)
        answers = self.names.get(host)
        if answers is None:
            return [HERE]
        return [ip_address(each) for each in (answers.pop(0) if len(answers) > 1 else answers[0])]

    def allows(self, address: Address, port: int) -> bool:
        return (address, port) == (HERE, self.port) or PublicInternet().allows(address, port)


class Stranger:
    """The server: `urls` names what it serves, `requests` what it was asked for."""

    def __init__(self, folder: Path, *names: str) -> None:
        certificate, self.trust = _certificate(folder, names or (HOST,))
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(certificate)
        self._app = web.Application()
        self._app.router.add_get("/{path:.*}", self._serve)
        self._served: dict[str, Callable[[web.Request], object]] = {}
        self.requests: list[web.Request] = []
        self.port = 0

    def serve(self, path: str, handler: Callable[[web.Request], object]) -> str:
        """Serve an async handler, or an answer, at a path; returns the address."""
        self._served[unquote(path.partition("?")[0])] = handler
        return self.url(path)

    def url(self, path: str, host: str = HOST) -> str:
        return f"https://{host}:{self.port}{path}"

    def remote(self, *, doors: Doors | None = None, bounds: Bounds | None = None) -> Remote:
        """What asks it, as the bot would."""
        trust = ssl.create_default_context(cafile=str(self.trust))
        return Remote(Guard(doors or Doors(self.port)), bounds=bounds, tls=trust)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        handler = self._served.get(request.path)
        if handler is None:
            return web.Response(status=404, text="no")
        return await handler(request)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Stranger"]:
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            await runner.cleanup()
            await asyncio.sleep(0)  # the loop forgets the closed connections


def ranged(read: Callable[[int, int], bytes], size: int, **headers: str) -> Callable[[web.Request], object]:
    """A server of parts: `read(offset, length)` is the file."""

    async def handler(request: web.Request) -> web.StreamResponse:
        first, last, status = 0, size - 1, 200
        asked = request.headers.get("Range", "").removeprefix("bytes=").split("-")
        if len(asked) == 2:
            first, last, status = int(asked[0]), min(int(asked[1] or last), last), 206
        if first >= size:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        response = web.StreamResponse(status=status, headers={"Accept-Ranges": "bytes", **headers})
        if status == 206:
            response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        response.content_length = last - first + 1
        await response.prepare(request)
        while first <= last:
            piece = read(first, min(PIECE, last - first + 1))
            first += len(piece)
            await response.write(piece)
        return response

    return handler


def _certificate(folder: Path, names: tuple[str, ...]) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trust = folder / "trust.pem"
    trust.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    both = folder / "server.pem"
    both.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + trust.read_bytes()
    )
    return both, trust
