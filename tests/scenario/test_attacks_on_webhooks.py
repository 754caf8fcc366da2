"""Somebody pretends to be a platform; and what the platforms really send, which is believed."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from sandbox.instagram.state import SECRETS, signed_request
from sandbox.tiktok.accounts import CLIENT_KEY
from sandbox.tiktok.state import CLIENT_SECRET, signature
from tests.scenario.scene import HOUR, VELO_CHANNEL, Scene, until
from tests.scenario.wire import FORM, Answer, Wire

CANT_VERIFY = {"error": "The signature of this message can't be verified."}


async def _removal(scene: Scene, *, at: float) -> bytes:
    account = await scene.truth("tiktok", "velowerk")
    event = {
        "client_key": CLIENT_KEY,
        "event": "authorization.removed",
        "create_time": int(at),
        "user_openid": account["open_id"],
        "content": json.dumps({"reason": 1}),
    }
    return json.dumps(event).encode()


def _tiktok_signed(body: bytes, at: float, secret: str) -> str:
    mac = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, hashlib.sha256)
    return f"t={int(at)},s={mac.hexdigest()}"


async def _refused(scene: Scene, answer: Answer, *platforms: str) -> None:
    assert (answer.status, json.loads(answer.text)) == (401, CANT_VERIFY)
    await scene.quiet()
    for platform in platforms or ("tiktok", "instagram"):
        assert await scene.state(platform) == "authorized"


async def test_a_forged_removal_by_tiktok(linked: Scene, line: Wire):
    now = linked.demo.runtime.clock.now().timestamp()
    body = await _removal(linked, at=now)
    signed = signature(body, int(now))
    forged: list[Mapping[str, str]] = [
        {},
        {"TikTok-Signature": ""},
        {"TikTok-Signature": "nonsense"},
        {"TikTok-Signature": f"t={int(now)}"},
        {"TikTok-Signature": "t=yesterday,s=00"},
        {"TikTok-Signature": _tiktok_signed(body, now, "a guess")},
        {"TikTok-Signature": _tiktok_signed(body + b" ", now, CLIENT_SECRET)},
        {"TikTok-Signature": signed.replace(f"t={int(now)}", f"t={int(now) - 1}")},
        {"TikTok-Signature": _tiktok_signed(body, now - 100 * HOUR, CLIENT_SECRET)},
        {"TikTok-Signature": _tiktok_signed(body, now + HOUR, CLIENT_SECRET)},
    ]
    for headers in forged:
        await _refused(linked, await line.send("POST", "/webhooks/tiktok", body, headers))


@pytest.mark.parametrize("path", ["deauthorize", "deletion"])
async def test_a_forged_signed_request(linked: Scene, line: Wire, path: str):
    account = await linked.truth("instagram", "velowerk")
    payload = {"user_id": account["id"], "algorithm": "HMAC-SHA256", "issued_at": 1}
    genuine = signed_request(payload, SECRETS["instagram"])
    forged = [
        "",
        "nonsense",
        ".",
        f"{genuine.partition('.')[0]}.",
        signed_request(payload, "a guess"),
        signed_request(payload | {"algorithm": "none"}, SECRETS["instagram"]),
        f"{genuine.partition('.')[0]}.{signed_request(payload | {'user_id': '1'}, 'x').partition('.')[2]}",
    ]
    for signed in forged:
        body = urlencode({"signed_request": signed}).encode()
        answer = await line.send("POST", f"/webhooks/instagram/{path}", body, {"Content-Type": FORM})
        await _refused(linked, answer, "instagram")
    await _refused(linked, await line.send("POST", f"/webhooks/instagram/{path}"), "instagram")


async def test_a_forged_instagram_event_and_handshake(linked: Scene, line: Wire):
    body = b'{"object": "instagram", "entry": []}'
    for signed in ("", "sha256=", "sha256=00", f"sha256={hmac.new(b'x', body, hashlib.sha256).hexdigest()}"):
        answer = await line.send("POST", "/webhooks/instagram", body, {"X-Hub-Signature-256": signed})
        await _refused(linked, answer)
    query = urlencode({"hub.mode": "subscribe", "hub.verify_token": "a guess", "hub.challenge": "1"})
    answer = await line.send("GET", f"/webhooks/instagram?{query}")
    assert (answer.status, json.loads(answer.text)["error"]) == (403, "The verify token isn't ours.")


async def test_a_removal_that_tiktok_repeats_is_one(linked: Scene, line: Wire):
    await linked.change("tiktok", "velowerk", webhooks="lose")
    await linked.change("tiktok", "velowerk", remove_app=True)
    now = linked.demo.runtime.clock.now().timestamp()
    body = await _removal(linked, at=now)
    for later in range(3):
        headers = {"TikTok-Signature": signature(body, int(now) + later)}
        assert (await line.send("POST", "/webhooks/tiktok", body, headers)).status == 200
    await linked.alarm("on-call")
    await linked.quiet()
    assert len(await linked.alarms("on-call")) == 1


async def test_a_late_removal_does_not_end_a_newer_link(linked: Scene, line: Wire):
    then = linked.demo.runtime.clock.now().timestamp()
    body = await _removal(linked, at=then)
    await linked.later(HOUR)
    await linked.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    await line.send("POST", "/webhooks/tiktok", body, {"TikTok-Signature": signature(body, int(then))})
    await linked.quiet()
    assert await linked.state() == "authorized"


async def test_an_owner_who_asks_instagram_for_deletion(linked: Scene):
    await linked.change("instagram", "velowerk", remove_app=True)
    await linked.change("instagram", "velowerk", request_deletion=True)
    await linked.told("on-call", "can't do its job")

    async def is_forgotten() -> bool:
        return (await linked.half("instagram")).connection.account is None

    await until(is_forgotten, "the account was never forgotten")
    await linked.quiet()
    half = await linked.half("instagram")
    assert not half.connection.is_held
