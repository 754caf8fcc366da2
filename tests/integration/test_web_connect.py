"""The way from the private button over the platform and back, and every way to abuse it."""

import re
from collections.abc import Mapping

import pytest

from bot.web.connect import COOKIE
from core.domain.account import Platform
from sandbox.journey import button
from tests.integration.site import TEAM, Answer, Site, query_of


async def _address(site: Site, text: str = "link tiktok") -> str:
    """Ask for a link; return the path of its page."""
    return (await site.people.connect_address("requester", "C0BAKERY", text)).removeprefix(site.base_url)


async def _go(site: Site, path: str, **headers: str) -> Answer:
    return await site.post(path, b"", {"Content-Type": "application/x-www-form-urlencoded", **headers})


def _cookie(answer: Answer) -> str:
    return answer.headers["Set-Cookie"].partition(";")[0]


async def _allowed(site: Site, sent_to: str, account: str = "nordlicht.bakery") -> str:
    """Allow on the platform's page; return the address that it sends the browser back to."""
    async with site.people.browser() as browser:
        page = await browser.post(sent_to, [("account", account), ("decision", "allow")], follow=False)
    return page.url.removeprefix(site.base_url)


async def _begun(site: Site) -> tuple[str, str]:
    """Go as far as coming back; return the callback's address and the browser's cookie."""
    answer = await _go(site, await _address(site))
    return await _allowed(site, answer.headers["Location"]), _cookie(answer)


async def _back(site: Site, path: str, cookie: str = "") -> Answer:
    return await site.get(path, headers={"Cookie": cookie} if cookie else {})


async def _linked(site: Site) -> list[str]:
    async with site.runtime.desk.work.reading() as unit:
        return [each.platform for each in await unit.connections.of_workspace(TEAM) if each.is_held]


async def test_the_page_says_what_will_happen(bakery: Site):
    page = await bakery.get(await _address(bakery))
    said = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    for needed in ("TikTok for Nordlicht Bakery", "@nordlicht.bakery", "video.publish", "Continue to TikTok"):
        assert needed in said
    assert "sandbox" not in said.casefold()
    assert 'href="http' in page.text


async def test_looking_burns_nothing(bakery: Site):
    path = await _address(bakery)
    for _ in range(3):
        assert (await bakery.get(path)).status == 200
    async with bakery.http.head(f"{bakery.base_url}{path}") as answer:
        assert answer.status == 200
    assert (await _go(bakery, path)).status == 303


async def test_every_page_is_closed_to_others(bakery: Site):
    for path in (await _address(bakery), "/connect/unknown", "/connect/tiktok/callback", "/deletion/unknown"):
        headers: Mapping[str, str] = (await bakery.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_continuing_binds_the_attempt_to_the_browser(bakery: Site):
    answer = await _go(bakery, await _address(bakery))
    parts = {part.strip() for part in answer.headers["Set-Cookie"].split(";")}
    assert {"HttpOnly", "SameSite=Lax", "Path=/connect"} <= parts
    assert answer.headers["Location"].startswith(f"{bakery.base_url}/www.tiktok.com/")
    assert query_of(answer.headers["Location"])["disable_auto_auth"] == "1"


async def test_the_whole_way_ends_linked_on_the_page_and_in_slack(bakery: Site):
    path, cookie = await _begun(bakery)
    page = await _back(bakery, path, cookie)
    assert (page.status, "TikTok is linked for Nordlicht Bakery" in page.text) == (200, True)
    await bakery.told("manager", "C0BAKERY", lambda said: "linked TikTok" in said)


async def test_both_platforms_at_once_in_one_browser(bakery: Site):
    await bakery.people.slash("requester", "C0BAKERY", "link")
    message = await bakery.people.sees(
        "requester", "C0BAKERY", lambda each: bool(button(each, "link.open_page"))
    )
    urls = re.findall(r"http://[^\"]+/connect/[\w-]+", str(message).replace("'", '"'))
    cookie, backs = "", []
    for url in dict.fromkeys(urls):
        answer = await _go(
            bakery, url.removeprefix(bakery.base_url), **({"Cookie": cookie} if cookie else {})
        )
        cookie = _cookie(answer)
        backs.append(await _allowed(bakery, answer.headers["Location"]))
    for path in backs:
        assert "is linked" in (await _back(bakery, path, cookie)).text
    assert sorted(await _linked(bakery)) == ["instagram", "tiktok"]


async def test_another_browser_is_refused_and_the_first_may_go_on(bakery: Site):
    path, cookie = await _begun(bakery)
    for foreign in ("", f"{COOKIE}={'x' * 43}"):
        refused = await _back(bakery, path, foreign)
        assert (refused.status, "another browser" in refused.text) == (403, True)
    assert await _linked(bakery) == []
    assert (await _back(bakery, path, cookie)).status == 200


async def test_a_reload_says_that_it_is_done(bakery: Site):
    path, cookie = await _begun(bakery)
    await _back(bakery, path, cookie)
    again = await _back(bakery, path, cookie)
    assert (again.status, "already finished" in again.text) == (410, True)


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("?code=1", 400), ("?state=", 400), ("?state=unknown&code=1", 400)]
)
async def test_a_callback_without_its_beginning_is_refused(bakery: Site, query: str, status: int):
    answer = await _back(bakery, f"/connect/tiktok/callback{query}", f"{COOKIE}={'x' * 43}")
    assert (answer.status, "Slack again" in answer.text) == (status, True)


async def test_a_state_counts_for_its_own_platform(bakery: Site):
    path, cookie = await _begun(bakery)
    answer = await _back(bakery, path.replace("/tiktok/", "/instagram/"), cookie)
    assert answer.status == 400
    assert await _linked(bakery) == []


async def test_an_attempt_lasts_ten_minutes(bakery: Site):
    path, cookie = await _begun(bakery)
    await bakery.people.turn_clock(601)
    answer = await _back(bakery, path, cookie)
    assert (answer.status, "ten minutes" in answer.text) == (410, True)


async def test_a_used_code_in_a_new_attempt_links_nothing(bakery: Site):
    path, cookie = await _begun(bakery)
    code = query_of(path)["code"]
    await _back(bakery, path, cookie)
    answer = await _go(bakery, await _address(bakery))
    state = query_of(answer.headers["Location"])["state"]
    again = await _back(bakery, f"/connect/tiktok/callback?state={state}&code={code}", _cookie(answer))
    assert "refused" in again.text


async def test_pages_that_are_over_say_so(bakery: Site):
    old = await _address(bakery)
    new = await _address(bakery)
    assert "newer link" in (await bakery.get(old)).text
    assert (await _go(bakery, old)).status == 410
    await bakery.people.turn_clock(31 * 60)
    assert (await bakery.get(new)).status == 410
    unknown = await bakery.get("/connect/nobody-knows-it")
    assert (unknown.status, "know this link" in unknown.text) == (404, True)


async def test_a_finished_page_cant_begin_again(bakery: Site):
    path = await _address(bakery)
    answer = await _go(bakery, path)
    await _back(bakery, await _allowed(bakery, answer.headers["Location"]), _cookie(answer))
    assert (await bakery.get(path)).status == 410


async def test_there_is_no_open_redirect(bakery: Site):
    path = await _address(bakery)
    for query in ("?next=https://evil.example", "?redirect_uri=https://evil.example", "?url=//evil.example"):
        answer = await _go(bakery, f"{path}{query}", Host="evil.example")
        assert answer.headers["Location"].startswith(f"{bakery.base_url}/www.tiktok.com/")
        assert "evil" not in answer.headers["Location"]


async def test_a_form_on_another_site_cant_begin(bakery: Site):
    answer = await _go(bakery, await _address(bakery), **{"Sec-Fetch-Site": "cross-site"})
    assert (answer.status, "Another site" in answer.text) == (403, True)


async def test_an_oversized_form_is_refused_in_words(bakery: Site):
    answer = await bakery.post(await _address(bakery), b"x" * 20_000, {})
    assert (answer.status, "Too much at once" in answer.text) == (413, True)


async def test_what_people_named_is_shown_and_never_run(site: Site):
    values = {"name": "<script>alert(1)</script> & Co", "managers": ["U0MANAGER"], "intent": "crosspost"}
    await site.people.set_up("manager", "C0BAKERY", values)
    page = await site.get(await _address(site))
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_cancelling_on_the_platforms_page_is_said_in_both_places(bakery: Site):
    page = await bakery.people.consent(
        bakery.base_url + await _address(bakery), "nordlicht.bakery", decision="cancel"
    )
    assert "wasn't linked" in page.text
    await bakery.told("requester", "C0BAKERY", lambda said: "wasn't linked" in said)


@pytest.mark.parametrize("platform", list(Platform))
async def test_our_own_failure_is_an_apology_with_a_reference(
    bakery: Site, platform: Platform, caplog, monkeypatch
):
    async def broken(*_args: object) -> None:
        raise RuntimeError("the inside of it")

    monkeypatch.setattr(bakery.runtime.desk.linking, "complete", broken)
    page = await _back(bakery, f"/connect/{platform}/callback?state=a&code=b")
    assert page.status == 500
    assert "the inside of it" not in page.text
    reference = next(record.reference for record in caplog.records if hasattr(record, "reference"))
    assert reference in page.text
