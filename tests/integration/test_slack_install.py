"""Installing over OAuth: what may go wrong on the way to Slack and back, and that each ends in words."""

import html
from pathlib import Path

import pytest

from sandbox.faults import Fault
from tests.integration.site import TEAM, Answer, Site, query_of, serving


@pytest.fixture
async def bare(tmp_path: Path):
    """A bot that no workspace has yet."""
    async with serving(tmp_path, installed=False) as running:
        yield running


async def _begin(site: Site) -> tuple[str, str]:
    """Open the install page; return the state that travels and the cookie that stays."""
    answer = await site.get("/slack/install")
    assert answer.status == 302
    return query_of(answer.headers["Location"])["state"], answer.headers["Set-Cookie"]


async def _return(site: Site, cookie: str, **query: str) -> Answer:
    return await site.get("/slack/oauth_redirect", params=query, headers={"Cookie": cookie.partition(";")[0]})


async def _code(site: Site, state: str) -> str:
    """Allow the app on Slack's page; return the code that Slack sends back."""
    page = (
        (await site.get("/slack/install"))
        .headers["Location"]
        .replace(query_of((await site.get("/slack/install")).headers["Location"])["state"], state)
    )
    async with site.people.browser() as browser:
        sent = await browser.post(page, [("team", TEAM), ("decision", "allow")], follow=False)
    return query_of(sent.url)["code"]


async def _installed(site: Site) -> list[str]:
    async with site.runtime.desk.work.reading() as unit:
        return list(await unit.installations.every())


async def test_the_way_to_slack_asks_for_exactly_our_scopes(bare: Site):
    query = query_of((await bare.get("/slack/install")).headers["Location"])
    assert query["scope"] == "chat:write,commands,files:read,metadata.message:read,usergroups:read,users:read"
    assert query["redirect_uri"] == f"{bare.base_url}/slack/oauth_redirect"


async def test_the_cookie_is_for_this_browser_alone(bare: Site):
    _, cookie = await _begin(bare)
    assert {"HttpOnly", "SameSite=Lax", "Path=/slack"} <= {part.strip() for part in cookie.split(";")}


async def test_an_installation_ends_with_what_to_do_first(bare: Site):
    await bare.install()
    assert await _installed(bare) == [TEAM]


async def test_without_the_browsers_cookie_nothing_happens(bare: Site):
    state, _ = await _begin(bare)
    answer = await _return(bare, "crosslink_install=", state=state, code=await _code(bare, state))
    assert (answer.status, "another browser" in answer.text) == (400, True)
    assert await _installed(bare) == []


@pytest.mark.parametrize("state", ["", "another", "é"])
async def test_a_foreign_state_is_refused(bare: Site, state: str):
    _, cookie = await _begin(bare)
    answer = await _return(bare, cookie, state=state, code="1")
    assert (answer.status, "another browser" in answer.text) == (400, True)


async def test_a_cookie_made_up_by_somebody_is_refused(bare: Site):
    answer = await _return(bare, "crosslink_install=9999999999.mine.00", state="mine", code="1")
    assert answer.status == 400


async def test_an_attempt_counts_once(bare: Site):
    state, cookie = await _begin(bare)
    code = await _code(bare, state)
    assert "installed in Agency" in (await _return(bare, cookie, state=state, code=code)).text
    again = await _return(bare, cookie, state=state, code=await _code(bare, state))
    assert (again.status, "over already" in again.text) == (400, True)


async def test_a_code_counts_once(bare: Site):
    state, cookie = await _begin(bare)
    code = await _code(bare, state)
    await _return(bare, cookie, state=state, code=code)
    other, fresh = await _begin(bare)
    again = await _return(bare, fresh, state=other, code=code)
    assert (again.status, "Slack refused" in again.text) == (400, True)


async def test_an_attempt_lasts_ten_minutes(bare: Site):
    state, cookie = await _begin(bare)
    await bare.people.turn_clock(601)
    answer = await _return(bare, cookie, state=state, code="1")
    assert (answer.status, "ten minutes" in answer.text) == (400, True)


async def test_cancelling_says_that_nothing_happened(bare: Site):
    state, cookie = await _begin(bare)
    answer = await _return(bare, cookie, state=state, error="access_denied")
    assert "Nothing was installed" in answer.text


async def test_a_slack_that_does_not_answer_is_told_as_such(bare: Site):
    state, cookie = await _begin(bare)
    code = await _code(bare, state)
    bare.sandbox.world.faults.add(Fault("slack.oauth", "reset", times=-1))
    answer = await _return(bare, cookie, state=state, code=code)
    assert (answer.status, "Slack didn't answer" in html.unescape(answer.text)) == (400, True)
    assert await _installed(bare) == []


async def test_installing_again_replaces_the_token(bare: Site):
    await bare.install()
    first = await bare.runtime.installations.of(TEAM)
    await bare.install()
    second = await bare.runtime.installations.of(TEAM)
    assert first
    assert second
    assert await _installed(bare) == [TEAM]


async def test_one_workspace_by_its_token_has_no_install_page(tmp_path: Path):
    one = {"slack_client_id": "", "slack_client_secret": "", "slack_bot_token": "the sandbox's"}
    async with serving(tmp_path, installed=False, **one) as site:
        assert (await site.get("/slack/install")).status == 404
        async with site.http.get(f"{site.base_url}/readyz") as answer:
            assert answer.status in {200, 503}
