"""TikTok takes films in pieces: against its emulator, whatever is lost on the way."""

import tracemalloc
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from core.domain.account import Platform
from core.domain.delivery import Ticket
from core.domain.errors import Final, Passing, Unconfirmed
from core.domain.secret import Secret
from core.ports import TICKET_GONE, Sight
from sandbox.reel import MOST as SHOWN
from tests.contract.publisher_stages import InMemory, for_tiktok, publishing
from tests.unit.sandbox.films import film

CHUNK = 5_300_000
LONG = film(size=2 * CHUNK + 400_001)
"""Two pieces, by a plan smaller than our own, so that tests are quick."""


@pytest.fixture
async def at():
    async with publishing(Platform.TIKTOK) as stage:
        yield stage


@pytest.fixture
def source():
    return InMemory(LONG)


@pytest.fixture
def cargo():
    return for_tiktok(len(LONG))


@pytest.fixture
async def begun(at):
    """A ticket for two pieces."""
    body = {
        "post_info": {"privacy_level": "PUBLIC_TO_EVERYONE", "title": "Bread at five #bakery"},
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": len(LONG),
            "chunk_size": CHUNK,
            "total_chunk_count": 2,
        },
    }
    base = at.stage.sandbox.world.base_url
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{base}/open.tiktokapis.com/v2/post/publish/video/init/",
            json=body,
            headers={"Authorization": f"Bearer {at.credentials.access.reveal()}"},
        )
    data = answer.json()["data"]
    return Ticket(
        reference=data["publish_id"],
        upload=Secret(data["upload_url"]),
        upload_until=at.stage.clock.now() + timedelta(hours=1),
        chunk=CHUNK,
        total=len(LONG),
    )


async def finished(at, cargo, ticket, source):
    """Bring the rest and ask; return what is seen in the end."""
    ticket, _look = await at.ask(cargo, await at.upload(cargo, ticket, source), source)
    return await at.outcome(cargo, ticket)


class TestPieces:
    async def test_all_but_the_last_go_beforehand(self, at, cargo, begun, source):
        ticket = await at.upload(cargo, begun, source)
        assert (ticket.sent, ticket.is_ready, at.posts()) == (CHUNK, True, [])
        ticket, look = await at.ask(cargo, ticket, source)
        assert (ticket.sent, look.sight, look.sent) == (len(LONG), Sight.PROCESSING, len(LONG))
        assert (await at.outcome(cargo, ticket)).sight is Sight.PUBLISHED

    async def test_little_is_read_at_a_time(self, at, cargo, begun, source):
        await finished(at, cargo, begun, source)
        assert source.largest <= 1 << 20

    @pytest.mark.parametrize("shape", ["count", "last_byte"])
    @pytest.mark.parametrize("resent", ["416", "206"])
    async def test_a_piece_whose_answer_was_lost_goes_again(self, at, cargo, begun, source, shape, resent):
        at.stage.switch(upload_progress=shape, resent_chunk=resent)
        at.fault("upload", what="drop_after")
        with pytest.raises(Passing):
            await at.upload(cargo, begun, source)
        look = await finished(at, cargo, begun, source)
        assert (look.sight, len(at.posts())) == (Sight.PUBLISHED, 1)

    @pytest.mark.parametrize("fault", [{"what": "refuse", "code": "503"}, {"what": "refuse", "code": "500"}])
    async def test_trouble_at_the_host_keeps_what_it_has(self, at, cargo, begun, source, fault):
        ticket = await at.upload(cargo, begun, source)
        at.fault("upload", **fault)
        with pytest.raises((Passing, Unconfirmed)):
            await at.ask(cargo, ticket, source)
        assert (await at.look(cargo, ticket)).sight is Sight.ABSENT
        assert (await finished(at, cargo, ticket, source)).sight is Sight.PUBLISHED

    @pytest.mark.parametrize("code", ["403", "404"])
    @pytest.mark.parametrize("act", ["upload", "ask"])
    async def test_an_address_that_takes_no_more_is_gone(self, at, cargo, begun, source, act, code):
        ticket = begun if act == "upload" else await at.upload(cargo, begun, source)
        at.fault("upload", what="refuse", code=code)
        with pytest.raises(Final, match=TICKET_GONE):
            await finished(at, cargo, ticket, source)

    async def test_a_last_piece_that_is_there_already_is_no_reason_to_begin_anew(
        self, at, cargo, begun, source
    ):
        ticket = await at.upload(cargo, begun, source)
        at.fault("ask", what="drop_after")
        with pytest.raises(Unconfirmed):
            await at.ask(cargo, ticket, source)
        asked, look = await at.ask(cargo, ticket, source)
        assert look.sight is Sight.PROCESSING
        assert (await at.outcome(cargo, asked)).sight is Sight.PUBLISHED
        assert len(at.posts()) == 1

    async def test_an_address_near_its_end_is_not_begun_with(self, at, cargo, begun, source):
        at.stage.advance(minutes=59, seconds=30)
        with pytest.raises(Final, match=TICKET_GONE):
            await at.upload(cargo, begun, source)

    @pytest.mark.parametrize("act", ["upload", "ask"])
    async def test_an_address_that_is_lost_is_gone(self, at, cargo, begun, source, act):
        ticket = begun if act == "upload" else await at.upload(cargo, begun, source)
        with pytest.raises(Final, match=TICKET_GONE):
            await finished(at, cargo, replace(ticket, upload=None), source)

    async def test_missing_bytes_may_be_sent_until_the_address_ends(self, at, cargo, begun, source):
        ticket = await at.upload(cargo, begun, source)
        sights = []
        for minutes in (50, 12, 5):
            at.stage.advance(minutes=minutes)
            sights.append((await at.look(cargo, ticket)).sight)
        assert sights == [Sight.ABSENT, Sight.PROCESSING, Sight.GONE]

    async def test_a_file_that_became_shorter_is_not_posted(self, at, cargo, begun):
        with pytest.raises(Final, match="media_too_short"):
            await at.upload(cargo, begun, InMemory(LONG[:-1]))
        cut = InMemory(LONG[:CHUNK])
        cut.size = len(LONG)
        ticket = await at.upload(cargo, begun, cut)
        with pytest.raises(Final, match="media_too_short"):
            await at.ask(cargo, ticket, cut)
        assert (await at.look(cargo, ticket)).sight is Sight.ABSENT

    @pytest.mark.parametrize(
        "address",
        [
            "https://open-upload.tiktokapis.com.evil.test/video/",
            "https://eviltiktokapis.com/video/",
            "http://127.0.0.1:1/open-upload.tiktokapis.com/video/",
        ],
    )
    async def test_bytes_go_to_nobody_else(self, at, cargo, begun, source, address):
        with pytest.raises(Final, match="upload_host_unknown"):
            await at.upload(cargo, replace(begun, upload=Secret(address)), source)


class Endless:
    """A film of many zeros that nobody holds in memory."""

    name = "film.mp4"

    def __init__(self, size):
        self._head, self.size = film(size=1_000_000), size
        # The last box ends with the film.
        place = self._head.rindex(b"mdat") - 4
        self._head = self._head[:place] + (size - place).to_bytes(4, "big") + self._head[place + 4 :]

    def fileno(self):
        return None

    async def read(self, offset, length):
        length = min(length, self.size - offset)
        return self._head[offset : offset + length].ljust(length, b"\0")


async def test_a_large_film_goes_in_our_own_pieces_and_little_memory(at):
    source = Endless(64_000_001)
    cargo = for_tiktok(source.size)
    ticket = await at.prepare(cargo)
    tracemalloc.start()
    try:
        ticket = await at.upload(cargo, ticket, source)
        ticket, _look = await at.ask(cargo, ticket, source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [each.sent for each in at.tickets] == [10_000_000 * each for each in range(1, 6)]
    assert [each.is_ready for each in at.tickets] == [False] * 4 + [True]
    look = await at.outcome(cargo, ticket)
    assert (look.sight, at.posts()[0]["size"]) == (Sight.PUBLISHED, source.size)
    assert peak < 12_000_000 + SHOWN
