"""TikTok and Instagram in a process of their own that answer at once: what is left is what we cost.

It speaks as much HTTP as httpx does to it, and throws bytes away as they come, in the room of one buffer.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

BUFFER = 1 << 20
TIKTOK, UPLOAD, GRAPH = "/open.tiktokapis.com", "/open-upload.tiktokapis.com", "/graph.instagram.com"
WHO = "4711"
"""The id of whoever a token belongs to."""
_RANGE = re.compile(r"content-range: bytes (\d+)-(\d+)/(\d+)", re.IGNORECASE)
_LENGTH = re.compile(r"content-length: (\d+)", re.IGNORECASE)
_numbers = count(1)


class Platforms(asyncio.BufferedProtocol):
    """One connection."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._head = b""
        self._request = ""
        self._left = 0
        self._wire: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        if self._request:
            self._left -= nbytes
        else:
            self._head += self._view[:nbytes]
            head, end, body = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            self._request, self._head = head.decode("latin-1"), b""
            length = _LENGTH.search(self._request)
            self._left = (int(length[1]) if length else 0) - len(body)
        if self._left <= 0:
            request, self._request = self._request, ""
            self._wire.write(_response(request, self._base_url))


def _response(request: str, base_url: str) -> bytes:
    first, _, headers = request.partition("\r\n")
    method, path, _ = first.split(" ")
    if path.startswith(UPLOAD):
        found = _RANGE.search(headers)
        assert found, request
        begin, end, size = map(int, found.groups())
        del begin
        return _http(201 if end + 1 == size else 206, {}, f"Content-Range: bytes 0-{end}/{size}\r\n")
    place = path.partition("?")[0]
    if place.startswith(TIKTOK):
        return _http(200, {"data": _tiktok(place, base_url), "error": {"code": "ok", "log_id": "1"}})
    return _http(200, _instagram(method, place))


def _tiktok(place: str, base_url: str) -> Mapping[str, Any]:
    number = next(_numbers)
    if place.endswith("/video/init/"):
        address = f"{base_url}{UPLOAD}/video/?upload_id={number}&upload_token={number}"
        return {"publish_id": f"v_pub_file~v2-1.{number}", "upload_url": address}
    if place.endswith("/user/info/"):
        return {"user": {"open_id": WHO, "union_id": WHO, "display_name": "Bench"}}
    if place.endswith("/status/fetch/"):
        return {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [f"7{number:018}"]}
    return {
        "creator_username": "bench",
        "creator_nickname": "Bench",
        "privacy_level_options": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"],
        "max_video_post_duration_sec": 3600,
    }


def _instagram(method: str, place: str) -> Mapping[str, Any]:
    if method == "POST":
        return {"id": f"{next(_numbers)}"}
    if place.endswith("/content_publishing_limit"):
        return {"data": [{"quota_usage": 0, "config": {"quota_total": 100, "quota_duration": 86400}}]}
    if place.endswith("/me"):
        return {"id": WHO, "user_id": WHO, "username": "bench", "account_type": "Business"}
    # A container's node and a medium's: whoever asks reads what is theirs.
    return {
        "id": "1",
        "status_code": "FINISHED",
        "status": "Finished",
        "permalink": "https://www.instagram.com/reel/1/",
    }


def _http(status: int, body: Mapping[str, Any], headers: str = "") -> bytes:
    told = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n{headers}Content-Length: {len(told)}\r\n\r\n"
    return head.encode() + told


@contextmanager
def platforms() -> Iterator[str]:
    """Run them until the block ends; gives their address."""
    command = [sys.executable, "-m", "tests.bench._instant"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    address = ""
    server = await loop.create_server(lambda: Platforms(address), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(address, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
