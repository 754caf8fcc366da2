"""The host that takes a film: which one is trusted, what is sent, and what its answers mean."""

import httpx
import pytest

from core.domain.delivery import Ticket
from core.domain.errors import Final, Passing, PlatformDown, Throttled, Unconfirmed, Unreachable
from core.domain.secret import Secret
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.upload import PIECE, Receipt, Taken, UploadHost
from core.providers.wire import Effect, Wire
from tests.fakes import FrozenClock
from tests.unit.providers.scripted import TIKTOK_APP, Platform

TOKEN = "upload-token-of-ours"
ADDRESS = f"https://open-upload-i18n.tiktokapis.com/upload?upload_id=1&upload_token={TOKEN}"
CHUNK = 2 * PIECE + 5
TOTAL = 3 * CHUNK + 7
FILM = bytes(range(256)) * (TOTAL // 256 + 1)


class Source:
    """A file in memory that gives no more than it is asked for."""

    name = "Film.MOV"
    size = TOTAL

    def __init__(self, error=None):
        self.error = error

    def fileno(self):
        return None

    async def read(self, offset, length):
        if self.error is not None:
            raise self.error
        return FILM[:TOTAL][offset : offset + length]


def a_ticket(address=ADDRESS):
    return Ticket(reference="v_pub", upload=Secret(address), chunk=CHUNK, total=TOTAL)


def a_host(platform, app=TIKTOK_APP):
    return UploadHost(app=app, wire=Wire(platform.transport), clock=FrozenClock())


async def put(*answers, effect=Effect.REPEATS, begin=CHUNK, ticket=None, source=None, app=TIKTOK_APP):
    host = a_host(Platform(*answers), app)
    return await host.put(effect, ticket or a_ticket(), source or Source(), begin)


async def test_a_piece_says_what_it_is_and_shows_no_token_of_the_account():
    platform = Platform((206, ""))
    await a_host(platform).put(Effect.REPEATS, a_ticket(), Source(), CHUNK)
    [asked] = platform.asked
    assert (asked.method, str(asked.url)) == ("PUT", ADDRESS)
    assert asked.headers["Content-Range"] == f"bytes {CHUNK}-{2 * CHUNK - 1}/{TOTAL}"
    assert (asked.headers["Content-Length"], asked.headers["Content-Type"]) == (
        str(CHUNK),
        "video/quicktime",
    )
    assert not {"authorization", "transfer-encoding"} & set(asked.headers)
    assert asked.content == FILM[CHUNK : 2 * CHUNK]


async def test_the_last_piece_takes_what_is_left():
    platform = Platform((201, "whatever it says"))
    receipt = await a_host(platform).put(Effect.ONCE, a_ticket(), Source(), 2 * CHUNK)
    assert platform.asked[0].content == FILM[2 * CHUNK : TOTAL]
    assert receipt == Receipt(Taken.ALL, None)


@pytest.mark.parametrize(
    ("answer", "receipt"),
    [
        ((206, ""), Receipt(Taken.MORE, None)),
        ((206, '{"cut', {"Content-Range": f"bytes 0-{CHUNK}/{TOTAL}"}), Receipt(Taken.MORE, CHUNK)),
        ((206, "", {"Content-Range": f"bytes 0-{CHUNK - 1}/{TOTAL}"}), Receipt(Taken.MORE, CHUNK)),
        ((201, "", {"Content-Range": f"bytes 0-{TOTAL}/{TOTAL}"}), Receipt(Taken.ALL, TOTAL)),
        ((200, {}), Receipt(Taken.ALL, None)),
        ((416, "", {"Content-Range": f"bytes 0-0/{TOTAL}"}), Receipt(Taken.OUT_OF_STEP, 0)),
        ((416, ""), Receipt(Taken.OUT_OF_STEP, None)),
        ((403, ""), Receipt(Taken.GONE, None)),
        ((404, ""), Receipt(Taken.GONE, None)),
    ],
)
async def test_every_answer_has_its_meaning(answer, receipt):
    assert await put(answer) == receipt


@pytest.mark.parametrize(
    ("answer", "effect", "trouble"),
    [
        ((400, ""), Effect.ONCE, Final),
        ((429, ""), Effect.ONCE, Throttled),
        ((500, ""), Effect.REPEATS, PlatformDown),
        ((502, ""), Effect.ONCE, Unconfirmed),
        ((503, ""), Effect.ONCE, PlatformDown),
        ((302, "", {"Location": "https://evil.test/"}), Effect.REPEATS, Passing),
        (httpx.ReadError("gone"), Effect.ONCE, Unconfirmed),
        (httpx.ReadError("gone"), Effect.REPEATS, Unreachable),
        (httpx.ConnectError("down"), Effect.ONCE, Unreachable),
        (httpx.InvalidURL("odd"), Effect.ONCE, Unreachable),
    ],
)
async def test_trouble_has_its_class(answer, effect, trouble):
    with pytest.raises(trouble):
        await put(answer, effect=effect)


@pytest.mark.parametrize(
    "address",
    [
        "https://upload.us.tiktokapis.com/video/",
        "https://tiktokapis.com/video/",
        "https://OPEN-UPLOAD.tiktokapis.com:443/video/",
    ],
)
async def test_tiktoks_own_hosts_are_trusted(address):
    assert (await put((206, ""), ticket=a_ticket(address))).taken is Taken.MORE


@pytest.mark.parametrize(
    "address",
    [
        "http://open-upload.tiktokapis.com/video/",
        "https://tiktokapis.com.evil.test/video/",
        "https://evil-tiktokapis.com/video/",
        "https://open-upload.tiktokapis.com@evil.test/video/",
        "https://evil.test/tiktokapis.com",
        "https://[open-upload.tiktokapis.com/video/",
        "//open-upload.tiktokapis.com/video/",
        "",
    ],
)
async def test_nobody_else_is_sent_a_byte(address):
    with pytest.raises(Final, match="upload_host_unknown"):
        await put(ticket=a_ticket(address))


async def test_what_stands_in_for_tiktok_takes_uploads_where_its_api_is():
    app = TikTokApp(
        client_key="k", client_secret=Secret("s"), api_url="http://127.0.0.1:1/open.tiktokapis.com"
    )
    assert (await put((206, ""), ticket=a_ticket("http://127.0.0.1:1/u/?t=1"), app=app)).taken is Taken.MORE
    for other in (ADDRESS, "http://127.0.0.1:2/u/", "https://127.0.0.1:1/u/"):
        with pytest.raises(Final, match="upload_host_unknown"):
            await put(ticket=a_ticket(other), app=app)


async def test_trouble_with_the_file_comes_through_and_shows_no_address():
    with pytest.raises(Final, match="gone") as caught:
        await put((206, ""), source=Source(Final("gone")), effect=Effect.ONCE)
    frames, step = [], caught.value.__traceback__
    while step is not None:
        if "/core/" in step.tb_frame.f_code.co_filename or "httpx" in step.tb_frame.f_code.co_filename:
            frames.append(repr(step.tb_frame.f_locals))
        step = step.tb_next
    assert frames
    assert TOKEN not in "".join(frames)


async def test_the_address_is_not_logged(caplog):
    caplog.set_level("DEBUG")
    await put((206, ""))
    with pytest.raises(Unconfirmed):
        await put(httpx.ReadError("gone"), effect=Effect.ONCE)
    assert TOKEN not in caplog.text
