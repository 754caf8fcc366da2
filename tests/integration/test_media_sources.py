"""Files at people's addresses: had in parts where possible, refused in words where not."""

import asyncio
import hashlib

import pytest
from aiohttp import web

from core.domain.refusals import Refusal
from core.media.line import Bounds
from core.media.sources import AtAddress
from storage.media_store import FolderStore
from tests.fakes import FrozenClock
from tests.integration.files import SIZE, WHOLE, read, refusal_of
from tests.stranger import Doors, Stranger, ranged

SMALL = Bounds(largest=SIZE)
IMPATIENT = Bounds(window=0.2, slowest=1_000_000)


@pytest.fixture
async def stranger(tmp_path):
    async with Stranger(tmp_path).open() as opened:
        yield opened


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "media")


def at(stranger, store, url, **how):
    return AtAddress(url, remote=stranger.remote(**how), store=store, clock=FrozenClock())


async def test_parts_are_read_without_fetching_the_whole(stranger, store):
    url = stranger.serve("/a/My%20film.mp4?key=secret", ranged(read, SIZE, ETag='"one"'))
    origin = at(stranger, store, url)
    async with origin.look() as file:
        assert (file.name, file.size, file.fileno()) == ("My film.mp4", SIZE, None)
        assert await file.read(10, 100) == read(10, 100)
        assert await file.read(2_000_000, 5000) == read(2_000_000, 5000)
        assert await file.read(SIZE - 10, 100) == read(SIZE - 10, 100)
        assert await file.read(SIZE, 1) == b""
    assert origin.fetched == 64 * 1024 + 5000 + 10
    assert all(each.headers["Host"] == f"media.example:{stranger.port}" for each in stranger.requests)


async def test_a_whole_file_goes_into_the_store_once(stranger, store):
    origin = at(stranger, store, stranger.serve("/film.mp4", ranged(read, SIZE)))
    async with origin.hold() as held:
        assert held.sha256 == hashlib.sha256(WHOLE).hexdigest()
        assert await held.source.read(0, SIZE) == WHOLE
    async with origin.look() as file:
        assert file.fileno() is not None
    assert len(stranger.requests) == 2


async def test_a_server_without_parts_is_noticed_and_the_file_fetched(stranger, store):
    async def all_of_it(request):
        return web.Response(body=WHOLE)

    origin = at(stranger, store, stranger.serve("/film.mp4", all_of_it))
    async with origin.look() as file:
        assert file.fileno() is not None
        assert await file.read(SIZE - 5, 5) == WHOLE[-5:]
    assert SIZE <= origin.fetched <= SIZE + 64 * 1024


async def test_an_empty_file_is_a_file(stranger, store):
    async with at(stranger, store, stranger.serve("/empty.mp4", ranged(read, 0))).look() as file:
        assert file.size == 0
        assert await file.read(0, 10) == b""


async def test_redirects_are_followed_and_each_is_checked(stranger, store):
    doors = Doors(stranger.port)
    stranger.serve("/film.mp4", ranged(read, SIZE))

    async def elsewhere(request):
        raise web.HTTPFound("/film.mp4")

    async with at(stranger, store, stranger.serve("/short", elsewhere), doors=doors).look() as file:
        assert file.name == "film.mp4"
    assert doors.asked == ["media.example", "media.example"]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("https://127.0.0.1:{other}/f", "url_not_public"),
        ("https://[::ffff:127.0.0.1]:{port}/f", "url_not_public"),
        ("https://169.254.169.254/latest/meta-data/", "url_not_public"),
        ("https://2130706433/f", "url_odd_host"),
        ("https://inside.example:{port}/f", "url_not_public"),
        ("http://media.example:{port}/f", "url_not_https"),
        ("file:///etc/passwd", "url_unreadable"),
        ("https://me:secret@media.example:{port}/f", "url_credentials"),
        ("/short", "url_redirects"),
        ("", "url_redirects"),
    ],
)
async def test_redirects_into_what_is_private_are_refused(stranger, store, target, code):
    async def elsewhere(request):
        location = target.format(port=stranger.port, other=stranger.port ^ 1)
        return web.Response(status=302, headers={"Location": location})

    doors = Doors(stranger.port, {"inside.example": [["10.0.0.1"]]})
    assert await refusal_of(at(stranger, store, stranger.serve("/short", elsewhere), doors=doors)) == code


async def test_a_chain_of_redirects_is_followed_three_times(stranger, store):
    async def again(request):
        raise web.HTTPFound("/short")

    assert await refusal_of(at(stranger, store, stranger.serve("/short", again))) == "url_redirects"
    assert len(stranger.requests) == 1 + 3


async def test_no_proxy_of_the_environment_comes_in_between(stranger, store, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with at(stranger, store, stranger.serve("/f.mp4", ranged(read, SIZE))).look() as file:
        assert await file.read(0, 10) == read(0, 10)


async def test_a_name_that_turns_private_after_the_check_changes_nothing(stranger, store):
    doors = Doors(stranger.port, {"media.example": [["127.0.0.1"], ["10.0.0.1"]]})
    async with at(stranger, store, stranger.serve("/f.mp4", ranged(read, SIZE)), doors=doors).look() as file:
        assert await file.read(1_000_000, 10) == read(1_000_000, 10)
    assert doors.asked == ["media.example"]


async def test_a_redirect_to_a_name_that_has_turned_private_is_refused(stranger, store):
    async def again(request):
        raise web.HTTPFound(stranger.url("/film.mp4"))

    doors = Doors(stranger.port, {"media.example": [["127.0.0.1"], ["10.0.0.1"]]})
    url = stranger.serve("/short", again)
    assert await refusal_of(at(stranger, store, url, doors=doors)) == "url_not_public"


async def test_an_address_that_does_not_answer_gives_way_to_the_next(stranger, store):
    class Both(Doors):
        def allows(self, address, port):
            return str(address) in {"127.0.0.1", "127.0.0.2"}

    doors = Both(stranger.port, {"media.example": [["127.0.0.2", "127.0.0.1"]]})
    async with at(stranger, store, stranger.serve("/f.mp4", ranged(read, SIZE)), doors=doors).look() as file:
        assert file.size == SIZE


async def test_a_certificate_for_another_name_is_refused(stranger, store):
    stranger.serve("/f.mp4", ranged(read, SIZE))
    assert await refusal_of(at(stranger, store, stranger.url("/f.mp4", "other.example"))) == "url_certificate"


async def test_what_is_too_large_is_refused_before_and_while_it_comes(stranger, store):
    url = stranger.serve("/told.mp4", ranged(read, SIZE + 1))
    assert await refusal_of(at(stranger, store, url, bounds=SMALL)) == "url_too_large"

    async def untold(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(10):
            await response.write(bytes(SIZE // 2))
        return response

    origin = at(stranger, store, stranger.serve("/untold.mp4", untold), bounds=SMALL)
    assert await refusal_of(origin) == "url_too_large"
    assert origin.fetched <= SIZE + 1
    assert not [each for each in store._making.rglob("*") if each.is_file()]


async def test_a_slow_drip_is_refused(stranger, store):
    async def drip(request):
        response = web.StreamResponse(status=206, headers={"Content-Range": f"bytes 0-65535/{SIZE}"})
        response.content_length = 65536
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x")
            await asyncio.sleep(0.02)
        return response

    assert (
        await refusal_of(at(stranger, store, stranger.serve("/f", drip), bounds=IMPATIENT)) == "url_too_slow"
    )


async def test_silence_is_refused(stranger, store):
    never = asyncio.Event()

    async def silent(request):
        await never.wait()

    url = stranger.serve("/f", silent)
    assert await refusal_of(at(stranger, store, url, bounds=Bounds(first_byte=0.3))) == "url_no_answer"
    never.set()


async def test_looking_has_a_time_in_all(stranger, store):
    calls, never = iter([False, False, True]), asyncio.Event()

    async def silent_at_last(request):
        if next(calls):
            await never.wait()
        return await ranged(read, SIZE)(request)

    bounds = Bounds(looking=1.5)
    async with at(stranger, store, stranger.serve("/f", silent_at_last), bounds=bounds).look() as file:
        await file.read(1_000_000, 10)
        with pytest.raises(Refusal, match="url_too_slow"):
            await file.read(2_000_000, 10)
    never.set()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"status": 404, "text": "no"}, "url_status"),
        ({"status": 403, "text": "no"}, "url_status"),
        ({"status": 500, "text": "no"}, "url_status"),
        ({"status": 204}, "url_status"),
        ({"status": 302}, "url_no_answer"),
        ({"status": 200, "text": "<html>", "content_type": "text/html"}, "url_page"),
        ({"status": 200, "body": b"x", "headers": {"Content-Encoding": "gzip"}}, "url_encoded"),
    ],
)
async def test_answers_that_are_no_file_are_refused(stranger, store, answer, code):
    async def handler(request):
        return web.Response(**answer)

    assert await refusal_of(at(stranger, store, stranger.serve("/f", handler))) == code


async def test_a_file_that_changes_while_it_is_read_is_refused(stranger, store):
    sizes = iter([SIZE, SIZE - 1])

    async def changing(request):
        return await ranged(read, next(sizes))(request)

    async with at(stranger, store, stranger.serve("/f", changing)).look() as file:
        with pytest.raises(Refusal, match="url_changed"):
            await file.read(1_000_000, 10)


async def test_a_server_that_forgets_how_to_give_parts_is_refused_without_reading_on(stranger, store):
    answers = iter([ranged(read, SIZE)])

    async def forgetting(request):
        handler = next(answers, None)
        return await handler(request) if handler else web.Response(body=WHOLE)

    origin = at(stranger, store, stranger.serve("/f", forgetting))
    async with origin.look() as file:
        with pytest.raises(Refusal, match="url_changed"):
            await file.read(1_000_000, 10)
    assert origin.fetched == 64 * 1024


async def test_more_than_was_asked_for_is_not_read(stranger, store):
    async def generous(request):
        response = web.StreamResponse(status=206, headers={"Content-Range": f"bytes 0-65535/{SIZE}"})
        await response.prepare(request)
        await response.write(WHOLE)
        return response

    origin = at(stranger, store, stranger.serve("/f", generous))
    async with origin.look():
        assert origin.fetched == 64 * 1024


async def test_a_file_cut_short_is_refused(stranger, store):
    async def short(request):
        response = web.StreamResponse()
        response.content_length = SIZE
        await response.prepare(request)
        await response.write(WHOLE[: SIZE // 2])
        request.transport.close()
        return response

    assert await refusal_of(at(stranger, store, stranger.serve("/f", short))) in {
        "url_cut_short",
        "url_no_answer",
    }
    assert not [each for each in store._making.rglob("*") if each.is_file()]
