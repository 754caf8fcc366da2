"""What platforms send by themselves, the deletion page, and what watches the process."""

import asyncio
import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest

from sandbox.instagram.state import SECRETS, VERIFY_TOKEN
from sandbox.tiktok.state import CLIENT_SECRET
from tests.integration.site import FORM, TEAM, Site, serving


async def _linked(site: Site, platform: str) -> None:
    await site.people.link("requester", "C0BAKERY", platform, "nordlicht.bakery")
    await site.told("manager", "C0BAKERY", lambda said: "linked" in said)


async def _connection(site: Site):
    async with site.runtime.desk.work.reading() as unit:
        (connection,) = await unit.connections.of_workspace(TEAM)
    return connection


def _tiktok(site: Site, secret: str = CLIENT_SECRET, **changes: object) -> tuple[bytes, dict[str, str]]:
    at = int(site.sandbox.world.clock.timestamp())
    event = {"client_key": "sandbox-tiktok-key", "event": "authorization.removed", "create_time": at}
    body = json.dumps(event | {"user_openid": "nobody", "content": "{}"} | changes).encode()
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"TikTok-Signature": f"t={at},s={mac}", "Content-Type": "application/json"}


def _signed_request(user: str, secret: str = SECRETS["instagram"]) -> bytes:
    def encoded(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    payload = encoded(
        json.dumps({"algorithm": "HMAC-SHA256", "user_id": user, "issued_at": 1_800_000_000}).encode()
    )
    mac = encoded(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())
    return urlencode({"signed_request": f"{mac}.{payload}"}).encode()


async def test_a_removal_is_evidence_before_anybody_asks_the_platform(bakery: Site):
    await _linked(bakery, "tiktok")
    account = (await _connection(bakery)).account
    await bakery.people.turn_clock(5)
    body, headers = _tiktok(bakery, user_openid=account.id)
    assert (await bakery.post("/webhooks/tiktok", body, headers)).status == 200
    for _ in range(500):
        async with bakery.runtime.desk.work.reading() as unit:
            seen = await unit.evidence.of_workspace(TEAM, client_id=None, limit=10)
        if any(each.source == "webhook" for each in seen):
            break
        await asyncio.sleep(0.02)
    assert any(each.source == "webhook" for each in seen)


async def test_a_repeated_webhook_changes_nothing_more(bakery: Site):
    body, headers = _tiktok(bakery)
    assert [(await bakery.post("/webhooks/tiktok", body, headers)).status for _ in range(3)] == [200] * 3
    counted = (await bakery.get("/metrics")).text
    assert (
        'crosslink_platform_notices_total{kind="grant_removed",outcome="repeated",platform="tiktok"} 2.0'
        in counted
    )


@pytest.mark.parametrize("headers", [{}, {"TikTok-Signature": "t=1,s=00"}, {"TikTok-Signature": "nonsense"}])
async def test_a_webhook_that_tiktok_didnt_sign_is_refused(bakery: Site, headers: dict[str, str]):
    body, _ = _tiktok(bakery)
    answer = await bakery.post("/webhooks/tiktok", body, headers)
    assert (answer.status, "can't be verified" in answer.json["error"]) == (401, True)


async def test_a_webhook_signed_with_another_secret_is_refused(bakery: Site):
    body, headers = _tiktok(bakery, secret="another")
    assert (await bakery.post("/webhooks/tiktok", body, headers)).status == 401


@pytest.mark.parametrize("path", ["deauthorize", "deletion"])
@pytest.mark.parametrize(
    "body", [b"", b"signed_request=", b"signed_request=a.b", _signed_request("1", "another")]
)
async def test_a_callback_that_meta_didnt_sign_is_refused(bakery: Site, path: str, body: bytes):
    answer = await bakery.post(f"/webhooks/instagram/{path}", body, {"Content-Type": FORM})
    assert answer.status == 401


@pytest.mark.parametrize("path", ["tiktok", "instagram", "instagram/deauthorize", "instagram/deletion"])
async def test_an_oversized_body_is_refused_in_words(site: Site, path: str):
    answer = await site.post(f"/webhooks/{path}", b"x" * (1024 * 1024 + 1), {})
    assert (answer.status, "one megabyte" in answer.json["error"]) == (413, True)


async def test_a_deletion_has_a_page_that_people_can_read(bakery: Site):
    await _linked(bakery, "instagram")
    account = (await _connection(bakery)).account
    body = _signed_request(account.id)
    answer = await bakery.post("/webhooks/instagram/deletion", body, {"Content-Type": FORM})
    assert answer.json["url"] == f"{bakery.base_url}/deletion/{answer.json['confirmation_code']}"
    for _ in range(200):
        page = await bakery.get(answer.json["url"])
        if "Your data is deleted" in page.text:
            break
    assert "Your data is deleted" in page.text
    assert answer.json["confirmation_code"] in page.text
    assert "nordlicht" not in page.text
    assert (await _connection(bakery)).account is None


async def test_an_unknown_deletion_code_is_said(site: Site):
    page = await site.get("/deletion/unknown")
    assert (page.status, "no deletion request" in page.text) == (404, True)


async def test_metas_handshake_wants_our_verify_token(site: Site):
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY_TOKEN}
    answer = await site.get("/webhooks/instagram", params=query)
    assert (answer.status, answer.text) == (200, "1158201444")
    wrong = await site.get("/webhooks/instagram", params=query | {"hub.verify_token": "guess"})
    assert wrong.status == 403


async def test_a_running_bot_is_well_and_ready(site: Site):
    assert (await site.get("/healthz")).json["status"] == "ok"
    ready = await site.get("/readyz")
    assert (ready.status, ready.json["status"], ready.json["problems"]) == (200, "ready", [])


async def test_without_its_database_a_bot_lives_and_is_not_ready(site: Site, monkeypatch: pytest.MonkeyPatch):
    def broken() -> None:
        raise OSError("disk full")

    monkeypatch.setattr(site.runtime.desk.work._database, "reading", broken)  # type: ignore[attr-defined]
    answer = await site.get("/readyz")
    assert (answer.status, answer.json["problems"]) == (503, ["The database doesn't answer (OSError)."])
    assert (await site.get("/healthz")).status == 200
    counted = (await site.get("/metrics")).text
    assert "crosslink_storage_up 0.0" in counted
    assert "crosslink_due{" not in counted


async def test_an_older_schema_is_not_ready(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("storage.migrate.HEAD", "9999")
    answer = await site.get("/readyz")
    assert (answer.status, "crosslink migrate" in answer.json["problems"][0]) == (503, True)


async def test_who_is_about_to_end_says_so_first_and_still_answers(site: Site):
    site.runtime.leave()
    answer = await site.get("/readyz")
    assert (answer.status, answer.json["problems"]) == (503, ["This process is about to end."])
    assert (await site.get("/healthz")).status == 200
    assert (await site.command("help")).status == 200


async def test_what_waits_is_read_when_it_is_asked_for(bakery: Site):
    said = (await bakery.get("/metrics")).text
    assert 'crosslink_due{duty="deliveries"} 0.0' in said
    assert 'crosslink_due_oldest_seconds{duty="deliveries"} 0.0' in said
    assert 'crosslink_open_incidents{condition="broken"} 0.0' in said
    assert "crosslink_storage_up 1.0" in said


async def test_calls_to_platforms_are_counted_by_outcome(bakery: Site):
    await _linked(bakery, "tiktok")
    said = (await bakery.get("/metrics")).text
    assert (
        'crosslink_platform_call_seconds_count{call="exchange",outcome="done",platform="tiktok"} 1.0' in said
    )


async def test_numbers_name_nobody(bakery: Site):
    await _linked(bakery, "tiktok")
    said = (await bakery.get("/metrics")).text
    assert "crosslink_slack_ack_seconds_count" in said
    assert 'crosslink_link_attempts_total{outcome="linked",platform="tiktok"} 1.0' in said
    assert TEAM not in said


async def test_the_style_is_served(site: Site):
    answer = await site.get("/assets/crosslink.css")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


async def test_one_workspace_by_its_token_is_served(tmp_path):
    one = {"slack_client_id": "", "slack_client_secret": "", "slack_bot_token": "the sandbox's"}
    async with serving(tmp_path, installed=False, **one) as site:
        for _ in range(500):
            if (await site.get("/readyz")).status == 200:
                break
        await site.people.slash("requester", "C0BAKERY", "status")
        assert "No client is set up" in await site.told(
            "requester", "C0BAKERY", lambda said: "set up" in said
        )
