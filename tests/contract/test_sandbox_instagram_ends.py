"""How a grant ends at the emulated Instagram, what of it is told, and what scripts may change."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest

from tests.contract.sandbox_publishing import refused_as
from tests.unit.sandbox.site import until


def opened(got, secret):
    """The payload of a callback's signed_request, its signature computed here."""
    (signed,) = parse_qs(got.body.decode())["signed_request"]
    mac, payload = signed.split(".")
    expected = hmac.new(secret, payload.encode(), hashlib.sha256).digest()
    assert mac == base64.urlsafe_b64encode(expected).rstrip(b"=").decode()
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


async def test_removing_the_app_calls_deauthorize_once(instagram, site):
    await instagram.link("velowerk")
    site.bot.status = 500
    await site.change("instagram", "velowerk", remove_app=True)
    (got,) = await site.bot.received(1)
    payload = opened(got, b"sandbox-instagram-secret")
    assert (got.path, payload["algorithm"]) == ("/webhooks/instagram/deauthorize", "HMAC-SHA256")
    assert payload["user_id"] == (await site.truth("instagram", "velowerk"))["id"]
    assert isinstance(payload["issued_at"], int)
    await until(lambda: site.sandbox.instagram.deliveries()[0]["state"] == "given_up")


async def test_the_uncertain_points_of_callbacks_are_switches(instagram, site):
    await site.switch(
        "instagram", callback_user_id="professional", callback_secret="meta", callback_retries=True
    )
    await instagram.link("velowerk")
    site.bot.status = 500
    await site.change("instagram", "velowerk", remove_app=True)
    payload = opened((await site.bot.received(1))[0], b"sandbox-meta-secret")
    assert payload["user_id"] == (await site.truth("instagram", "velowerk"))["user_id"]
    await until(lambda: site.sandbox.instagram.deliveries()[0]["attempts"])
    site.clock.advance(61)
    await site.bot.received(2)


async def test_the_owner_removes_the_app_and_asks_for_deletion_on_the_page(instagram, site):
    await instagram.link("velowerk")
    page = "/www.instagram.com/accounts/manage_access/"
    assert "Remove Crosslink" in (await site.http.get(page)).text
    for action in ("remove", "delete_data"):
        await site.http.post(page, data={"account": "velowerk", "action": action})
    first, second = sorted(await site.bot.received(2), key=lambda got: got.path)
    assert (first.path, second.path) == ("/webhooks/instagram/deauthorize", "/webhooks/instagram/deletion")
    assert opened(second, b"sandbox-instagram-secret")["user_id"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"url": "https://agency.example/deletion/a1", "confirmation_code": "a1"}, "delivered"),
        ({"url": "https://agency.example/deletion/a1", "confirmation_code": "a-1"}, "given_up"),
        ({"url": "/deletion/a1", "confirmation_code": "a1"}, "given_up"),
        ({"status": "ok"}, "given_up"),
        (["a1"], "given_up"),
        (None, "given_up"),
    ],
)
async def test_a_deletion_wants_a_page_and_a_code_for_an_answer(instagram, site, answer, state):
    site.bot.says = "" if answer is None else json.dumps(answer)
    await instagram.link("velowerk")
    await site.change("instagram", "velowerk", remove_app=True, request_deletion=True)
    await site.bot.received(2)
    rows = site.sandbox.instagram.deliveries
    await until(
        lambda: (
            {row["event"]: row["state"] for row in rows()} == {"deauthorize": "delivered", "deletion": state}
        )
    )


@pytest.mark.parametrize("status", [201, 204, 302])
async def test_nothing_but_200_is_an_answer(instagram, site, status):
    site.bot.status = status
    await instagram.link("velowerk")
    await site.change("instagram", "velowerk", remove_app=True)
    await until(lambda: site.sandbox.instagram.deliveries()[0]["state"] == "given_up")


async def test_nobody_deletes_what_was_never_given(site):
    answer = await site.control("accounts/instagram/velowerk", {"request_deletion": True})
    assert (answer.status_code, "never" in answer.text or "ever" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("switch", "status", "linked"),
    [("unsupported", 400, True), ("ignored", 200, True), ("revokes", 200, False)],
)
async def test_nobody_knows_what_deleting_permissions_does(instagram, site, switch, status, linked):
    await site.switch("instagram", delete_permissions=switch)
    answer = await instagram.graph(await instagram.link("velowerk"), "/me/permissions", "DELETE")
    assert answer.status_code == status
    assert (await site.truth("instagram", "velowerk"))["linked"] is linked


async def test_webhook_fields_are_subscribed_per_account(instagram):
    token, edge = await instagram.link("velowerk"), "/me/subscribed_apps"
    assert (
        refused_as(await instagram.graph(token, edge, "POST", subscribed_fields="media_published"))[1] == 100
    )
    assert (await instagram.graph(token, edge, "POST", subscribed_fields="comments,messages")).json() == {
        "success": True
    }
    (app,) = (await instagram.graph(token, edge)).json()["data"]
    assert app["subscribed_fields"] == ["comments", "messages"]
    await instagram.graph(token, edge, "DELETE")
    assert (await instagram.graph(token, edge)).json() == {"data": []}


async def test_the_handshake_needs_the_challenge_back(site):
    site.bot.echo = "hub.challenge"
    good = (await site.control("webhooks/instagram/handshake")).json()
    assert good == {"status": 200, "verified": True}
    (got,) = site.bot.got
    assert (got.method, got.path, got.query["hub.mode"]) == ("GET", "/webhooks/instagram", "subscribe")
    assert got.query["hub.verify_token"] == "sandbox-verify-token"
    site.bot.status = 403
    bad = (await site.control("webhooks/instagram/handshake", {"verify_token": "guess"})).json()
    assert bad == {"status": 403, "verified": False}


@pytest.mark.parametrize(("shape", "secret"), [("changes", "instagram"), ("flat", "meta")])
async def test_an_event_is_signed_over_the_raw_body(instagram, site, shape, secret):
    await site.switch("instagram", webhook_shape=shape, webhook_secret=secret)
    token = await instagram.link("velowerk")
    event = {"handle": "velowerk", "field": "comments", "value": {"text": "hello"}}
    assert (await site.control("webhooks/instagram/event", event)).status_code == 400
    site.bot.echo = "hub.challenge"
    await site.control("webhooks/instagram/handshake")
    assert "subscribed" in (await site.control("webhooks/instagram/event", event)).json()["error"]
    await instagram.graph(token, "/me/subscribed_apps", "POST", subscribed_fields="comments")
    assert (await site.control("webhooks/instagram/event", event)).json() == {"sent": True}
    got = (await site.bot.received(2))[1]
    mac = hmac.new(f"sandbox-{secret}-secret".encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["X-Hub-Signature-256"] == f"sha256={mac}"
    (entry,) = json.loads(got.body)["entry"]
    assert entry["id"] == (await site.truth("instagram", "velowerk"))["user_id"]
    change = entry["changes"][0] if shape == "changes" else entry
    assert (change["field"], change["value"]) == ("comments", {"text": "hello"})


async def test_a_rename_keeps_both_ids(instagram, site):
    before = await site.truth("instagram", "velowerk")
    after = await site.change("instagram", "velowerk", rename="velo.werk")
    assert (after["id"], after["user_id"]) == (before["id"], before["user_id"])
    assert (await site.control("accounts/instagram/velowerk", {"private": True})).status_code == 400


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"posting": "ok"}, "Unknown field 'posting'"),
        ({"type": "CHANNEL"}, "one of BUSINESS"),
        ({"impressions": -1}, "0 or more"),
        ({"logged_out": "yes"}, "true or false"),
        ({"remove_app": 3}, "true or false"),
        ({"condition": "odd"}, "unconfirmed"),
    ],
)
async def test_a_senseless_change_is_refused_in_a_sentence(site, change, sentence):
    answer = await site.control("accounts/instagram/velowerk", change)
    assert (answer.status_code, sentence in answer.json()["error"]) == (400, True)


async def test_profiles_are_public_pages(site):
    for path in ("velowerk/", "velowerk"):
        assert "Bicycles" in (await site.http.get(f"/www.instagram.com/{path}")).text
    assert (await site.http.get("/www.instagram.com/nobody/")).status_code == 404
