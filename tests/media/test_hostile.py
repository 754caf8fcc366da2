"""Files made to do harm, or broken by chance: each gets an answer, and nothing happens to whoever asked."""

import asyncio
import os
import struct
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from core.domain.media import Kind, Snag
from core.media.local import LocalFile
from core.media.probe import IsolatedProbe, Limits
from tests.media import pictures

SEED = 20261121
MUTANTS = 2000
SOURCES = (
    "plain.mp4",
    "fragments.mp4",
    "hevc.mp4",
    "uneven.mov",
    "vp9.webm",
    "h264.mkv",
    "mpeg4.avi",
    "h264.ts",
    "only-sound.mp3",
    "surround.mp4",
)


def box(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


@pytest.fixture
def read(probe, tmp_path):
    async def reading(content, name="upload"):
        (tmp_path / name).write_bytes(content)
        with LocalFile(tmp_path / name) as source:
            return await probe.probe(source)

    return reading


def snags(media):
    return {each.snag for each in media.troubles}


@pytest.mark.parametrize(
    "text",
    [
        b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nfile:///etc/passwd\n",
        b"#EXTM3U\nhttp://169.254.169.254/latest/meta-data/\n",
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        b"file '/etc/hostname'\nfile 'other.mp4'\n",
        b"concat:/etc/passwd|/etc/hosts",
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=video 5004 RTP/AVP 96\r\n",
        b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>http://10.0.0.1/</BaseURL></MPD>',
        b"[playlist]\nFile1=http://127.0.0.1/\n",
        b'<?xml version="1.0"?><SmoothStreamingMedia/>',
    ],
    ids=["m3u8-file", "m3u8-host", "ffconcat", "concat", "concat-protocol", "sdp", "dash", "pls", "smooth"],
)
@pytest.mark.parametrize("name", ["list.mp4", "list.txt"])
async def test_what_only_names_other_files_is_a_playlist_and_is_not_followed(read, text, name):
    media = await read(text, name)
    assert (snags(media), media.kind) == ({Snag.PLAYLIST}, Kind.NONE)


@pytest.mark.parametrize(
    "text",
    [b"<!DOCTYPE html><html>sign in</html>", b"  <html>", b'<svg xmlns="http://www.w3.org/2000/svg"/>'],
)
async def test_a_page_is_told_from_a_film(read, text):
    assert snags(await read(text, "film.mp4")) == {Snag.PAGE}


@pytest.mark.parametrize(
    "content", [b"just words\n", bytes(5000), os.urandom(1) + b"PK\x03\x04" * 500, b"\x7fELF" + bytes(900)]
)
async def test_what_is_no_media_is_told_so(read, content):
    assert snags(await read(content, "film.mp4")) & {Snag.NOT_MEDIA, Snag.UNREADABLE, Snag.UNTRUE}


async def test_an_empty_file_is_told_so(read):
    assert snags(await read(b"")) == {Snag.EMPTY}


async def test_a_film_under_another_name_is_told_so(read, corpus):
    media = await read(corpus["vp9.webm"].read_bytes(), "film.mp4")
    assert (snags(media), media.container.format) == ({Snag.WRONG_EXTENSION}, "webm")


@pytest.mark.parametrize(
    "name", ["moov-last.mp4", "edit-lists.mp4", "fragments.mp4", "vp9.webm", "mpeg4.avi"]
)
async def test_a_film_without_its_end_is_cut_off(read, corpus, name):
    content = corpus[name].read_bytes()
    assert Snag.TRUNCATED in snags(await read(content[: len(content) * 2 // 3], name))


async def test_samples_in_another_file_are_told_and_not_fetched(read, corpus):
    content = bytearray(corpus["quicktime.mov"].read_bytes())
    entry = content.index(b"dref") + 16
    content[entry : entry + 8] = b"alis" + bytes(4)  # without the flag "in this file"
    assert Snag.REFERS_ELSEWHERE in snags(await read(bytes(content), "film.mov"))


async def test_a_film_of_sixteen_thousand_by_sixteen_thousand_is_answered_within_its_limits(read, corpus):
    content = bytearray(corpus["plain.mp4"].read_bytes())
    at = content.index(b"avc1", content.index(b"stsd")) + 4 + 24
    content[at : at + 4] = struct.pack(">HH", 16384, 16384)
    media = await read(bytes(content), "film.mp4")
    assert media.video.width in {72, 16384}
    assert media.troubles


async def test_tables_that_promise_billions_of_frames_cost_nothing(read):
    stts = box(b"stts", struct.pack(">III", 0, 0xFFFFFFFF, 1))
    stsz = box(b"stsz", struct.pack(">III", 0, 0, 0xFFFFFFF0))
    stbl = box(b"stbl", stts, stsz, box(b"stco", struct.pack(">II", 0, 0xFFFFFFFF)))
    trak = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"vide", bytes(12)), box(b"minf", stbl)))
    film = box(b"ftyp", b"isom", bytes(4), b"isom") + box(b"moov", *[trak] * 500) + box(b"mdat", bytes(100))
    assert Snag.UNTRUE in snags(await read(film, "film.mp4"))


async def test_boxes_within_boxes_end_somewhere(read):
    deep = b""
    for _ in range(3000):
        deep = box(b"moov", deep)
    assert (await read(box(b"ftyp", b"isom", bytes(4)) + deep, "film.mp4")).troubles


async def test_a_slow_file_is_given_up_and_the_next_one_is_read(tmp_path, corpus):
    class Endless:
        name, size = "film.mp4", 1 << 40

        def fileno(self):
            return None

        async def read(self, offset, length):
            await asyncio.sleep(3600)

    probe = IsolatedProbe(Limits(wall_seconds=0.3))
    try:
        assert Snag.TOO_SLOW in snags(await probe.probe(Endless()))
        with LocalFile(corpus["plain.mp4"]) as source:
            assert (await probe.probe(source)).troubles == ()
    finally:
        probe.close()


async def test_the_process_is_replaced_when_it_dies(probe, corpus):
    with LocalFile(corpus["plain.mp4"]) as source:
        before = await probe.probe(source)
        probe._process.kill()
        probe._process.wait()
        assert await probe.probe(source) == before


async def test_too_little_memory_still_answers_from_the_boxes(corpus):
    probe = IsolatedProbe(Limits(memory=1 << 20))
    try:
        with LocalFile(corpus["largest.mp4"]) as source:
            media = await probe.probe(source)
    finally:
        probe.close()
    assert media.troubles == () or (media.video.width, media.video.height) == (4096, 368)


async def test_a_remote_film_is_read_in_parts_and_counted(corpus):
    content = corpus["moov-last.mp4"].read_bytes()
    gap = 64 << 20
    padded = len(content) + gap  # a free box behind the film, never looked into
    asked = []

    class Remote:
        name, size = "film.mp4", padded

        def fileno(self):
            return None

        async def read(self, offset, length):
            asked.append(length)
            tail = struct.pack(">I4s", gap, b"free")
            whole = (content + tail)[offset : offset + length]
            return whole + bytes(min(length, padded - offset) - len(whole))

    probe = IsolatedProbe()
    try:
        media = await probe.probe(Remote())
    finally:
        probe.close()
    assert (media.kind, media.troubles, media.sha256) == (Kind.VIDEO, (), None)
    assert media.bytes_read == sum(asked) < padded // 100


def mutant(chance, content):
    """Return a film damaged in one of several ways."""
    changed = bytearray(content)
    way = chance.randrange(5)
    if way == 0:
        return bytes(changed[: chance.randrange(len(changed))])
    if way == 1:
        for _ in range(chance.randrange(1, 30)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    elif way == 2:
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(max(1, len(changed) - 4))
            changed[at : at + 4] = struct.pack(
                ">I", chance.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF, chance.getrandbits(32)])
            )
    elif way == 3:
        at, length = chance.randrange(len(changed)), chance.randrange(1, 2000)
        del changed[at : at + length]
    else:
        names = [
            at
            for name in (b"moov", b"trak", b"stbl", b"stsz", b"stts", b"stco", b"mdat", b"moof")
            for at in [content.find(name)]
            if at > 4
        ]
        at = chance.choice(names) if names else chance.randrange(4, len(changed) - 4)
        changed[at - 4 : at + 8] = chance.randbytes(4) + bytes(changed[at : at + 4]) + chance.randbytes(4)
    return bytes(changed)


def resident():
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.timeout(240)
async def test_two_thousand_damaged_files_each_get_an_answer(corpus, tmp_path):
    chance = Random(SEED)
    whole = [corpus[name].read_bytes() for name in SOURCES] + [
        pictures.jpeg(),
        pictures.png(),
        pictures.webp(),
    ]
    probe = IsolatedProbe(Limits(wall_seconds=5.0), digests=False)
    turns, memory = asyncio.Semaphore(2), []

    async def one(number):
        path = tmp_path / f"{number}.mp4"
        async with turns:
            path.write_bytes(mutant(chance, chance.choice(whole)))
            with LocalFile(path) as source:
                media = await probe.probe(source)
            path.unlink()
            if number % 500 == 499:
                memory.append(resident())
        return media

    try:
        found = await asyncio.gather(*(one(number) for number in range(MUTANTS)))
    finally:
        probe.close()
    assert len(found) == MUTANTS
    assert not [each for each in found if Snag.TOO_SLOW in snags(each)]
    assert all(each.troubles or each.videos or each.audios or each.image for each in found)
    assert all(later - sooner < 24 << 20 for sooner, later in pairwise(memory))
