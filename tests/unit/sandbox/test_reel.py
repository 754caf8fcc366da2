"""What platforms took can be shown: whole or in the pieces a player asks for, and never more of it than there is room."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from sandbox import reel as kept
from sandbox.media import Glance
from sandbox.reel import Reel
from tests.unit.sandbox.films import film


def taken(content, reel, piece=1 << 10):
    glance = Glance(reel=reel)
    for begin in range(0, len(content), piece):
        glance = glance.fork()
        glance.feed(content[begin : begin + piece])
    return glance.seen().sha256


def asked(sha256, wanted=None):
    headers = {"Range": wanted} if wanted else {}
    return make_mocked_request("GET", "/", headers=headers, match_info={"sha256": sha256})


async def test_a_film_that_was_taken_is_shown_whole_and_in_pieces():
    reel, content = Reel(), film(size=5_000)
    name = taken(content, reel)
    whole = await reel.show(asked(name))
    assert (whole.status, whole.body, whole.content_type) == (200, content, "video/mp4")
    piece = await reel.show(asked(name, "bytes=100-199"))
    assert (piece.status, piece.body) == (206, content[100:200])
    assert piece.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert (await reel.show(asked(name, "bytes=-10"))).body == content[-10:]
    with pytest.raises(web.HTTPRequestRangeNotSatisfiable):
        await reel.show(asked(name, f"bytes={len(content)}-"))


async def test_what_nobody_took_or_could_play_is_not_there():
    reel = Reel()
    for name in ("0" * 64, taken(b"no film", reel)):
        with pytest.raises(web.HTTPNotFound):
            await reel.show(asked(name))


def test_what_is_too_long_is_taken_and_not_kept(monkeypatch):
    monkeypatch.setattr("sandbox.media.MOST", 4_000)
    reel = Reel()
    assert taken(film(size=5_000), reel) not in reel


def test_the_oldest_makes_room(monkeypatch):
    monkeypatch.setattr(kept, "ROOM", 9_000)
    reel = Reel()
    first, second = taken(film(size=5_000), reel), taken(film(size=5_001), reel)
    assert first not in reel
    assert second in reel
