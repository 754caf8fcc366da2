"""The calls that a delivery is made of and nothing else, over httpx as it comes, in a process of their own.

What we do to make calls cheaper is not lent to them.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from subprocess import PIPE
from time import perf_counter

import httpx

from tests.bench._instant import GRAPH, TIKTOK

WARMING = 5
POST = f"{TIKTOK}/v2/post/publish"

Job = Callable[[httpx.AsyncClient, str, bytes], Awaitable[None]]


async def bare(address: str, film: Path, *, each: int, at_once: int) -> float:
    """Return how many deliveries a second the calls alone allow, `each` to TikTok and as many to Instagram."""
    given = (address, str(film), str(each), str(at_once))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench._bare", *given, stdout=PIPE
    )
    told, _ = await process.communicate()
    return float(told)


async def _measure(address: str, film: bytes, each: int, at_once: int) -> float:
    async with httpx.AsyncClient() as client:

        async def sent(each: int) -> None:
            jobs = iter([_to_tiktok, _to_instagram] * each)

            async def hand() -> None:
                for job in jobs:
                    await job(client, address, film)

            await asyncio.gather(*(hand() for _ in range(at_once)))

        await sent(WARMING)
        began = perf_counter()
        await sent(each)
        return 2 * each / (perf_counter() - began)


async def _to_tiktok(client: httpx.AsyncClient, address: str, film: bytes) -> None:
    bearer = {"Authorization": "Bearer bench"}
    (await client.post(f"{address}{POST}/creator_info/query/", json={}, headers=bearer)).json()
    begun = (await client.post(f"{address}{POST}/video/init/", json={"post_info": {}}, headers=bearer)).json()
    last = {"Content-Range": f"bytes 0-{len(film) - 1}/{len(film)}", "Content-Type": "video/mp4"}
    await client.put(begun["data"]["upload_url"], content=film, headers=last)
    wanted = {"publish_id": begun["data"]["publish_id"]}
    (await client.post(f"{address}{POST}/status/fetch/", json=wanted, headers=bearer)).json()


async def _to_instagram(client: httpx.AsyncClient, address: str, film: bytes) -> None:
    del film  # Instagram fetches it
    bearer, node = {"Authorization": "Bearer bench"}, f"{address}{GRAPH}/v25.0"
    (await client.get(f"{node}/1/content_publishing_limit", headers=bearer)).json()
    made = (await client.post(f"{node}/1/media", data={"media_type": "REELS"}, headers=bearer)).json()
    for _ in range(2):  # is it fetched, and is it still so before it is published
        (await client.get(f"{node}/{made['id']}?fields=status_code,status", headers=bearer)).json()
    wanted = {"creation_id": made["id"]}
    medium = (await client.post(f"{node}/1/media_publish", data=wanted, headers=bearer)).json()
    (await client.get(f"{node}/{medium['id']}?fields=permalink", headers=bearer)).json()


if __name__ == "__main__":
    _address, _film, _each, _at_once = sys.argv[1:]
    print(asyncio.run(_measure(_address, Path(_film).read_bytes(), int(_each), int(_at_once))))
