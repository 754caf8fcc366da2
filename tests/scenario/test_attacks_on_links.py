"""Somebody meddles with the way from the button over the platform and back."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sandbox.journey import Browser
from tests.scenario.scene import MINUTE, VELO_CHANNEL, Scene, attempt
from tests.scenario.wire import Wire

FRESH = "state_that_nobody_began_with_0123456789abcdef"


@pytest.fixture
async def address(scene: Scene) -> str:
    """The requester's private link to TikTok."""
    return await scene.people.connect_address("requester", VELO_CHANNEL, "link tiktok")


@pytest.fixture
async def browser(scene: Scene) -> AsyncIterator[Browser]:
    """The requester's browser."""
    async with scene.people.browser() as opened:
        yield opened


def _with(callback: str, **changes: str | None) -> str:
    """The same callback with other parameters; None leaves one out."""
    parts = urlsplit(callback)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return parts._replace(
        query=urlencode({name: each for name, each in query.items() if each is not None})
    ).geturl()


async def _unlinked(scene: Scene) -> bool:
    await scene.quiet()
    return await scene.state() == "pending"


async def test_a_state_that_is_missing(scene: Scene, browser: Browser, address: str):
    begun = await attempt(browser, address)
    page = await begun.arrive(_with(begun.callback, state=None))
    assert page.status == 400
    assert "opened without its beginning" in page.text
    assert await _unlinked(scene)
    assert (await begun.arrive()).heading == "TikTok is linked for Velo Werk"


async def test_a_foreign_state(scene: Scene, browser: Browser, address: str):
    begun = await attempt(browser, address)
    page = await begun.arrive(_with(begun.callback, state=FRESH))
    assert page.status == 400
    assert "don't recognise this attempt" in page.text
    assert await _unlinked(scene)


async def test_a_state_of_the_other_platform(scene: Scene, browser: Browser, address: str):
    begun = await attempt(browser, address)
    page = await begun.arrive(begun.callback.replace("/tiktok/", "/instagram/"))
    assert "don't recognise this attempt" in page.text
    assert await _unlinked(scene)


async def test_a_state_used_again(scene: Scene, browser: Browser, address: str):
    begun = await attempt(browser, address)
    assert (await begun.arrive()).status == 200
    again = await begun.arrive()
    assert again.status == 410
    assert "already finished" in again.text
    assert await scene.asked("tiktok.oauth.token") == 1


async def test_an_expired_state(scene: Scene, browser: Browser, address: str):
    begun = await attempt(browser, address)
    await scene.later(11 * MINUTE)
    page = await begun.arrive()
    assert page.status == 410
    assert "longer than ten minutes" in page.text
    assert await _unlinked(scene)


async def test_a_state_from_another_browser(scene: Scene, browser: Browser, address: str):
    begun = await attempt(browser, address, "velo.fanpage")
    async with scene.people.browser() as victims:
        page = await victims.get(begun.callback)
        assert page.status == 403
        assert "began in another browser" in page.text
        await attempt(victims, address)
        assert (await victims.get(begun.callback)).status == 403
    assert await _unlinked(scene)
    assert await scene.asked("tiktok.oauth.token") == 0


async def test_a_code_replayed_with_a_state_of_ones_own(scene: Scene, browser: Browser, address: str):
    first = await attempt(browser, address)
    await first.arrive()
    code = parse_qs(urlsplit(first.callback).query)["code"][0]
    newer = await scene.people.connect_address("manager", VELO_CHANNEL, "link tiktok")
    second = await attempt(browser, newer)
    page = await browser.get(_with(second.callback, code=code))
    assert page.heading == "TikTok refused to link Velo Werk"
    assert await scene.state() == "authorized"


@pytest.mark.parametrize("query", ["error=access_denied", "error=server_error", "code=", ""])
async def test_an_answer_without_a_code_links_nothing(
    scene: Scene, browser: Browser, address: str, query: str
):
    begun = await attempt(browser, address)
    state = parse_qs(urlsplit(begun.callback).query)["state"][0]
    page = await begun.arrive(f"{scene.url}/connect/tiktok/callback?{query}&state={state}")
    assert any(each in page.heading for each in ("wasn't linked", "refused", "isn't answering"))
    assert await _unlinked(scene)


async def test_no_open_redirect(scene: Scene, line: Wire, address: str):
    evil = "https://evil.example/"
    more = urlencode(dict.fromkeys(("next", "redirect_uri", "return_to", "url", "continue"), evil))
    for path in (f"{address}?{more}", address):
        answer = await line.send(
            "POST", path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        )
        location = answer.headers["Location"]
        assert location.startswith(f"{scene.url}/www.tiktok.com/v2/auth/authorize/?")
        assert "evil" not in location
        back = parse_qs(urlsplit(location).query)["redirect_uri"]
        assert back == [f"{scene.url}/connect/tiktok/callback"]
    for path in (f"/connect/{evil}", f"//evil.example/connect/x?{more}", f"/connect/tiktok/callback?{more}"):
        answer = await line.send("GET", f"{scene.url}{path}")
        assert "Location" not in answer.headers
        assert "evil" not in answer.text


async def test_a_press_from_another_site(scene: Scene, line: Wire, address: str):
    for site in ("cross-site", "same-site"):
        answer = await line.send("POST", address, headers={"Sec-Fetch-Site": site})
        assert answer.status == 403
        assert "Open the link from Slack" in answer.text
    assert (await scene.people.consent(address, "velowerk")).heading == "TikTok is linked for Velo Werk"


async def test_a_head_of_the_callback_uses_nothing_up(
    scene: Scene, line: Wire, browser: Browser, address: str
):
    begun = await attempt(browser, address)
    assert (await line.send("HEAD", begun.callback)).status == 405
    assert (await begun.arrive()).heading == "TikTok is linked for Velo Werk"


async def test_a_link_that_somebody_else_opens_links_nothing_of_theirs(
    scene: Scene, browser: Browser, address: str
):
    """Whoever has the address may finish it; the expected account is what protects the client."""
    begun = await attempt(browser, address, "nordlicht.bakery")
    page = await begun.arrive()
    assert "expects @velowerk" in page.heading
    assert await _unlinked(scene)


async def test_pages_forbid_what_they_do_not_need(scene: Scene, line: Wire, address: str):
    for path in (address, "/connect/unknown", "/connect/tiktok/callback"):
        answer = await line.send("GET", path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script" not in answer.text


async def test_an_installation_that_began_elsewhere(installed: Scene):
    async with installed.people.browser() as begun, installed.people.browser() as other:
        consent = await begun.get(f"{installed.url}/slack/install")
        back = await begun.post(consent.url, [("team", "T0OUTSIDE"), ("decision", "allow")], follow=False)
        refused = await other.get(back.url)
        assert refused.status == 400
        assert "in another browser" in refused.text
        assert (await begun.get(back.url)).heading == "Crosslink is installed in Outside Studio"
        assert "over already" in (await begun.get(back.url)).text or (await begun.get(back.url)).status == 400
