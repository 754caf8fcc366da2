"""What others could make of our cookies and of files that others brought: nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.account import Platform
from tests.builders import a_client, a_person
from tests.integration.site import FORM, TEAM, Answer, Site, serving

PUBLIC = "https://crosslink.example"
HOUR = timedelta(hours=1)


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Site]:
    """A bot whose address is the public one, as people's browsers know it."""
    async with serving(tmp_path, installed=False, base_url=PUBLIC) as site:
        yield site


def _manner(answer: Answer) -> set[str]:
    return {part.strip() for part in answer.headers["Set-Cookie"].split(";")[1:]}


async def test_the_installations_cookie_goes_over_https_alone(public: Site):
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= _manner(await public.get("/slack/install"))


async def test_a_links_cookie_goes_over_https_alone(public: Site):
    desk = public.runtime.desk
    async with desk.work.writing() as unit:
        client = await unit.clients.save(a_client(workspace=TEAM))
        await unit.commit()
    (asked,) = await desk.linking.invite(a_person(), client.id, [Platform.TIKTOK], channel=client.channel)
    answer = await public.post(f"/connect/{asked.token}", b"", {"Content-Type": FORM})
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= _manner(answer)


@pytest.mark.parametrize(
    ("name", "kind", "policy"),
    [
        ("ride.mp4", "video/mp4", "default-src 'none'; media-src 'self'"),
        ("page.html", "application/octet-stream", "default-src 'none'; sandbox"),
        ("drawing.svg", "application/octet-stream", "default-src 'none'; sandbox"),
    ],
)
async def test_a_file_is_no_page_whatever_is_in_it(public: Site, name: str, kind: str, policy: str):
    async def pieces() -> AsyncIterator[bytes]:
        yield b"<script>alert(1)</script>"

    runtime = public.runtime
    kept = await runtime.media.keep(pieces(), at=runtime.clock.now(), largest=100)
    url = runtime.media_links.url(kept, name, life=HOUR)
    answer = await public.get(url.removeprefix(PUBLIC))
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith(policy)
