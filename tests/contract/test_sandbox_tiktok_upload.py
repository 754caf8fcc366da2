"""Chunks and their answers, as the fact sheet has them, over real HTTP."""

import asyncio
import json
import tracemalloc

import httpx
import pytest

from sandbox.reel import MOST
from tests.contract.sandbox_posting import (
    FILM,
    HOUR,
    MIB,
    an_upload,
    code_of,
    public,
    turn,
)
from tests.unit.sandbox.films import film


@pytest.mark.parametrize(
    ("size", "chunk", "count", "last"),
    [
        (4_194_304, 4_194_304, 1, 4_194_304),
        (50_000_123, 10_000_000, 5, 10_000_123),
        (64_000_000, 64_000_000, 1, 64_000_000),
        (64_000_001, 10_000_000, 6, 14_000_001),
        (99_999_999, 10_000_000, 9, 19_999_999),
        (4_000_000_000, 10_000_000, 400, 10_000_000),
        (4_294_967_296, 10_000_000, 429, 14_967_296),
    ],
)
async def test_legal_plans(creator, site, size, chunk, count, last):
    # More than 4 GB in the smaller reading is legal in the larger one alone.
    await site.switch("tiktok", megabyte="binary" if size > 4_000_000_000 else "strict")
    assert code_of(await creator.direct(an_upload(size, chunk, count))) == "ok"
    assert size - (count - 1) * chunk == last
    wrong = await creator.direct(an_upload(size, chunk, count + 1))
    assert (wrong.status_code, code_of(wrong)) == (400, "invalid_param")


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [
        (0, 1, 1),
        (-5, 1, 1),
        (100, 0, 1),
        (100, 200, 1),
        (4_000_000, 2_000_000, 2),
        (20_000_000, 4_000_000, 5),
        (200_000_000, 70_000_000, 2),
        (70_000_000, 70_000_000, 1),
        (100_000_000, 60_000_000, 1),
        (25_000_000, 10_000_000, 3),
        (4_000_000_001, 10_000_000, 400),
        (5_100_000, 5_050_000, 1),
        (66_000_000, 66_000_000, 1),
        ("100", 100, 1),
        (100, 100.0, 1),
        (100, 100, True),
    ],
)
async def test_illegal_plans(creator, size, chunk, count):
    plan = {"video_size": size, "chunk_size": chunk, "total_chunk_count": count}
    answer = await creator.direct({"source": "FILE_UPLOAD", **plan})
    assert (answer.status_code, code_of(answer)) == (400, "invalid_param")


@pytest.mark.parametrize(("unit", "size"), [("decimal", 4_000_000_001), ("binary", 4_294_967_297)])
async def test_what_a_gigabyte_is_can_be_switched(creator, site, unit, size):
    await site.switch("tiktok", megabyte=unit)
    answers = [
        await creator.direct(an_upload(one, 10_000_000, one // 10_000_000)) for one in (size - 1, size)
    ]
    assert [code_of(one) for one in answers] == ["ok", "invalid_param"]


@pytest.mark.parametrize(("unit", "five", "sixty_six"), [("decimal", "ok", "invalid_param"), ("binary", "invalid_param", "ok")])  # fmt: skip
async def test_what_a_megabyte_is_can_be_switched(creator, site, unit, five, sixty_six):
    await site.switch("tiktok", megabyte=unit)
    assert code_of(await creator.direct(an_upload(11_000_000, 5_100_000, 2))) == five
    assert code_of(await creator.direct(an_upload(66_000_000, 66_000_000, 1))) == sixty_six


async def test_chunks_go_in_order_and_tell_their_progress(creator, site, upload):
    content, url, publish_id = upload
    first, last = content[:5_300_000], content[5_300_000:]
    assert (await creator.put(url, last, 5_300_000, total=len(content))).status_code == 416
    answer = await creator.put(url, first, total=len(content))
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, f"bytes 0-5300000/{len(content)}")
    assert (await creator.job(publish_id))["uploaded_bytes"] == 5_300_000
    again = await creator.put(url, first, total=len(content))
    assert (again.status_code, again.headers["Content-Range"]) == (416, f"bytes 0-5300000/{len(content)}")
    assert (await creator.put(url, last, 5_300_000, total=len(content))).status_code == 201
    await turn(site, 2)
    [row] = await public(site)
    assert row["size"] == len(content)


async def test_a_resent_chunk_may_be_welcome_by_switch(creator, site, upload):
    await site.switch("tiktok", resent_chunk="206")
    content, url, _ = upload
    first, last = content[:5_300_000], content[5_300_000:]
    for _ in range(2):
        assert (await creator.put(url, first, total=len(content))).status_code == 206
    for _ in range(2):
        assert (await creator.put(url, last, 5_300_000, total=len(content))).status_code == 201
    await turn(site, 2)
    assert len(await public(site)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"Content-Type": "application/octet-stream"},
        {"Content-Type": "image/jpeg"},
        {"Content-Range": None},
        {"Content-Range": "bytes 0-5299999"},
        {"Content-Range": "bytes 0-5299999/999"},
        {"Content-Range": "bytes 0-5299998/11000000"},
        {"Content-Range": "5299999"},
    ],
)
async def test_headers_of_a_chunk_are_read_strictly(creator, upload, wrong):
    content, url, _ = upload
    assert (await creator.put(url, content[:5_300_000], total=len(content), **wrong)).status_code == 400


async def test_a_chunk_of_another_size_than_planned_is_refused(creator, upload):
    content, url, _ = upload
    assert (await creator.put(url, content[:5_299_999], total=len(content))).status_code == 400
    assert (await creator.put(url, content, total=len(content))).status_code == 400


async def test_a_chunk_without_a_length_is_refused(creator, upload):
    content, url, _ = upload

    async def pieces():
        yield content[:5_300_000]

    headers = {"Content-Type": "video/mp4", "Content-Range": f"bytes 0-5299999/{len(content)}"}
    assert (await creator.site.http.put(url, content=pieces(), headers=headers)).status_code == 400


async def test_a_chunk_that_breaks_off_leaves_no_trace(creator, site, upload):
    content, url, publish_id = upload
    where = httpx.URL(url)
    reader, writer = await asyncio.open_connection(where.host, where.port)
    head = f"PUT {where.raw_path.decode()} HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\nContent-Length: 5300000\r\n"
    writer.write(f"{head}Content-Range: bytes 0-5299999/{len(content)}\r\n\r\n".encode() + content[:100_000])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await creator.job(publish_id))["uploaded_bytes"] == 0
    assert (await creator.put(url, content[:5_300_000], total=len(content))).status_code == 206
    assert (await creator.put(url, content[5_300_000:], 5_300_000, total=len(content))).status_code == 201
    await turn(site, 2)
    assert (await creator.job(publish_id))["status"] == "PUBLISH_COMPLETE"
    del reader


async def test_two_at_once_send_the_same_chunk_and_one_is_taken(creator, upload):
    content, url, publish_id = upload
    first = content[:5_300_000]
    answers = await asyncio.gather(*(creator.put(url, first, total=len(content)) for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [206, 416]
    assert (await creator.job(publish_id))["uploaded_bytes"] == 5_300_000


async def test_an_unknown_or_expired_upload_url(creator, site, upload):
    content, url, publish_id = upload
    assert (await creator.put(url + "x", content[:5_300_000], total=len(content))).status_code == 404
    await turn(site, HOUR)
    assert (await creator.put(url, content[:5_300_000], total=len(content))).status_code == 403
    assert (await creator.job(publish_id))["status"] == "PROCESSING_UPLOAD"


async def test_an_abandoned_upload_may_fail_by_switch(creator, site):
    await site.switch("tiktok", abandoned_uploads_fail=True)
    begun = (await creator.direct(an_upload(len(FILM)))).json()["data"]
    await turn(site, HOUR)
    job = await creator.job(begun["publish_id"])
    assert (job["status"], job["fail_reason"]) == ("FAILED", "internal")


async def test_the_upload_url_outlives_the_access_token(creator, site):
    begun = (await creator.direct(an_upload(len(FILM)))).json()["data"]
    state = site.sandbox.tiktok.state
    state.tokens.end_all(state.accounts.get("nordlicht.bakery").grant)
    assert (await creator.put(begun["upload_url"], FILM)).status_code == 201


async def test_uncertain_answers_of_the_upload_host_are_switches(creator, site):
    await site.switch("tiktok", upload_body="json", upload_done="200", upload_progress="last_byte")
    begun = (await creator.direct(an_upload(len(FILM)))).json()["data"]
    answer = await creator.put(begun["upload_url"], FILM)
    assert (answer.status_code, answer.json()) == (200, {"uploaded_bytes": len(FILM)})
    assert answer.headers["Content-Range"] == f"bytes 0-{len(FILM) - 1}/{len(FILM)}"


async def test_the_upload_token_is_a_secret(creator, site, upload):
    content, url, _ = upload
    await creator.put(url, content[:5_300_000], total=len(content))
    token = httpx.URL(url).params["upload_token"]
    assert token in (await site.http.get("/_sandbox/minted")).json()
    assert token not in json.dumps(await site.journal())


async def test_a_large_upload_goes_through_in_constant_memory(creator, site):
    size, chunk = 256 * MIB, 64_000_000
    head, block = film(size=0), bytes(MIB)
    head = head[:-8] + (size - len(head) + 8).to_bytes(4, "big") + b"mdat"
    begun = (await creator.direct(an_upload(size, chunk, size // chunk))).json()["data"]

    async def pieces(begin, end):
        while begin < end:
            piece = head[begin : begin + MIB] if begin < len(head) else block[: end - begin]
            yield piece
            begin += len(piece)

    tracemalloc.start()
    for begin in range(0, size // chunk * chunk, chunk):
        end = size if begin // chunk == size // chunk - 1 else begin + chunk
        headers = {
            "Content-Type": "video/mp4",
            "Content-Length": str(end - begin),
            "Content-Range": f"bytes {begin}-{end - 1}/{size}",
        }
        answer = await site.http.put(
            begun["upload_url"], content=pieces(begin, end), headers=headers, timeout=60
        )
        assert answer.status_code == (201 if end == size else 206)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST + 8 * MIB, "no more than what a post's page could still show"
    await turn(site, 60)
    [row] = await public(site)
    assert (row["size"], row["media"][0]["kind"]) == (size, "mp4")
