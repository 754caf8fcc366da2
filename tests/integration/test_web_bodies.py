"""Bodies that don't arrive as they should: packed, cut short, wrongly framed. None of them is an error of ours."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.web.server import serving
from bot.wiring.process import build
from tests.integration.site import settings_for

ADDRESSES = [
    "/slack/events",
    "/webhooks/tiktok",
    "/webhooks/instagram",
    "/webhooks/instagram/deletion",
    "/connect/nobody",
    "/compose/nobody",
]
CHUNKED = ["Transfer-Encoding: chunked"]


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    async with serving(build(settings_for("http://localhost:1", tmp_path)), host="127.0.0.1", port=0) as on:
        yield on


async def sent(port: int, path: str, headers: list[str], body: bytes, *, leave: bool = False) -> bytes:
    """Write a request as it is; return the first line of what is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    writer.write("\r\n".join(head).encode() + body)
    await writer.drain()
    if leave:
        await asyncio.sleep(0.05)
        writer.transport.abort()
        await asyncio.sleep(0.05)
        return b""
    answer = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    return answer


async def test_what_claims_to_be_packed_is_taken_as_it_comes(port, caplog):
    headers = ["Content-Encoding: gzip", "Content-Length: 2"]
    assert [each for each in ADDRESSES if b" 4" not in await sent(port, each, headers, b"{}")] == []
    assert errors(caplog) == []


async def test_a_sender_that_goes_away_is_no_failure(port, caplog):
    await asyncio.gather(
        *(sent(port, each, ["Content-Length: 9"], b"act=", leave=True) for each in ADDRESSES)
    )
    assert [
        each for each in ADDRESSES if b" 4" not in await sent(port, each, ["Content-Length: 0"], b"")
    ] == []
    assert errors(caplog) == []


async def test_what_is_framed_wrongly_is_refused(port):
    body = b"2\r\nok\r\nnonsense\r\n"
    assert [each for each in ADDRESSES if b" 4" not in await sent(port, each, CHUNKED, body)] == []


def errors(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [each for each in caplog.records if each.levelno >= logging.ERROR]
