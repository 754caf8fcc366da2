"""Who may speak as Slack, asked over real HTTP."""

import json
from urllib.parse import urlencode

import pytest

from bot.slack.guard import TOLERANCE
from sandbox.slack.bot import signed
from tests.integration.site import FORM, Site, a_command


def _body(text: str = "help") -> bytes:
    return urlencode(a_command(text)).encode()


async def _send(site: Site, body: bytes, headers: dict[str, str]):
    return await site.post("/slack/events", body, {"Content-Type": FORM, **headers})


def _now(site: Site) -> float:
    return site.sandbox.world.clock.timestamp()


async def test_a_genuine_request_is_answered(site: Site):
    answer = await site.command("help")
    assert answer.status == 200
    assert "/crosslink status" in json.dumps(answer.json)


async def test_an_unsigned_request_is_refused(site: Site):
    answer = await _send(site, _body(), {})
    assert (answer.status, "signed by Slack" in answer.text) == (401, True)


async def test_a_forged_signature_is_refused(site: Site):
    answer = await _send(site, _body(), signed(_body(), _now(site), "another-secret"))
    assert (answer.status, "doesn't match" in answer.text) == (401, True)


async def test_a_body_changed_after_signing_is_refused(site: Site):
    body = _body("status")
    answer = await _send(site, body + b"&user_id=U0MANAGER", signed(body, _now(site)))
    assert answer.status == 401


@pytest.mark.parametrize("off", [-TOLERANCE - 5, TOLERANCE + 5])
async def test_a_stale_or_early_signature_is_refused(site: Site, off: int):
    body = _body()
    answer = await _send(site, body, signed(body, _now(site) + off))
    assert (answer.status, "five minutes" in answer.text) == (401, True)


@pytest.mark.parametrize("stamp", ["yesterday", "1e9", "-5", "١٢٣", "9" * 5000, "12.5"])
async def test_a_timestamp_that_is_no_plain_number_is_refused_and_breaks_nothing(site: Site, stamp: str):
    body = _body()
    headers = signed(body, _now(site)) | {"X-Slack-Request-Timestamp": stamp}
    assert (await _send(site, body, headers)).status == 401


async def test_a_replayed_request_is_refused(site: Site):
    body = _body()
    headers = signed(body, _now(site))
    assert (await _send(site, body, headers)).status == 200
    again = await _send(site, body, headers)
    assert (again.status, "already received" in again.text) == (401, True)


async def test_slacks_own_repeat_of_an_event_is_taken_and_not_done_twice(site: Site):
    event = {"type": "app_home_opened", "user": "U0REQUESTER", "tab": "home"}
    body = json.dumps({"type": "event_callback", "team_id": "T0AGENCY", "event": event}).encode()
    headers = {"Content-Type": "application/json", **signed(body, _now(site))}
    first = await site.post("/slack/events", body, headers)
    await site.settled()
    published = len(site.sandbox.world.journal.entries("slack.views.publish"))
    again = await site.post("/slack/events", body, headers | {"X-Slack-Retry-Num": "1"})
    await site.settled()
    assert (first.status, again.status) == (200, 200)
    assert published == len(site.sandbox.world.journal.entries("slack.views.publish")) == 1


async def test_an_oversized_body_is_refused_in_words_before_it_is_read(site: Site):
    body = b"x" * (1024 * 1024 + 1)
    answer = await _send(site, body, signed(body, _now(site)))
    assert (answer.status, "one megabyte" in answer.text) == (413, True)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"payload={", b"payload=[]", b"{"])
async def test_a_signed_body_that_cant_be_read_is_refused_not_an_error(site: Site, body: bytes):
    answer = await site.slack(body, kind="application/json" if body == b"{" else FORM)
    assert answer.status in {200, 400}


async def test_slack_can_check_the_address(site: Site):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw"}).encode()
    answer = await site.slack(body, kind="application/json")
    assert answer.json == {"challenge": "3eZbrw"}
