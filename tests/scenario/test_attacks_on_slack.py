"""Somebody pretends to be Slack, or repeats what Slack once said."""

import json
from urllib.parse import urlencode

import pytest

from tests.scenario.scene import VELO_CHANNEL, Scene
from tests.scenario.wire import Wire, a_command

LARGE = 1024 * 1024 + 1
WEBHOOKS = ("tiktok", "instagram", "instagram/deauthorize", "instagram/deletion")
NONSENSE = (
    b"",
    b"\xff\xfe\x00",
    b"payload=",
    b"payload=%7B",
    b"payload=null",
    b"payload=[]",
    b"payload=%7B%7D",
    b"[]",
    b"null",
    b"{" * 5000,
)


async def _untouched(scene: Scene) -> bool:
    """True while nobody was given a link."""
    await scene.quiet()
    return not await scene.private_buttons("requester") and not await scene.connections()


async def test_a_forged_signature(scene: Scene, line: Wire):
    body = a_command("link tiktok")
    answer = await line.slack(body, line.signature(body, secret="a guess"))
    assert (answer.status, json.loads(answer.text)) == (
        401,
        {"error": "The signature of this request doesn't match its body."},
    )
    assert await _untouched(scene)


async def test_a_signature_of_another_body(scene: Scene, line: Wire):
    answer = await line.slack(a_command("link tiktok"), line.signature(a_command("help")))
    assert answer.status == 401
    assert await _untouched(scene)


async def test_no_signature(scene: Scene, line: Wire):
    answer = await line.slack(a_command("link tiktok"), {})
    assert answer.status == 401
    assert "signed by Slack only" in answer.text
    assert await _untouched(scene)


@pytest.mark.parametrize("age", [301, 86_400, -301])
async def test_a_stale_signature(scene: Scene, line: Wire, age: int):
    body = a_command("link tiktok")
    answer = await line.slack(body, line.signature(body, age=age))
    assert answer.status == 401
    assert "five minutes" in answer.text
    assert await _untouched(scene)


async def test_a_replay_within_five_minutes_does_nothing_twice(scene: Scene, line: Wire):
    value = json.dumps({"v": 1, "k": "ln", "client": (await scene.row()).client.id, "platforms": ["tiktok"]})
    press = {
        "type": "block_actions",
        "team": {"id": "T0AGENCY"},
        "user": {"id": "U0REQUESTER", "team_id": "T0AGENCY"},
        "actions": [{"action_id": "link.start", "value": value}],
    }
    body = urlencode({"payload": json.dumps(press)}).encode()
    headers = line.signature(body)
    assert (await line.slack(body, headers)).status == 200
    await scene.quiet()
    seen = await scene.read("requester", "D0REQUESTER")
    replays = [await line.slack(body, headers) for _ in range(3)]
    assert [each.status for each in replays] == [401, 401, 401]
    assert "already received" in replays[0].text
    await scene.quiet()
    assert await scene.read("requester", "D0REQUESTER") == seen
    assert len(await scene.connections()) == 1


async def test_a_repeat_by_slack_itself_is_taken_and_does_nothing_twice(scene: Scene, line: Wire):
    event = {"type": "event_callback", "team_id": "T0AGENCY", "event": {"type": "app_uninstalled"}}
    body = json.dumps(event).encode()
    headers = {**line.signature(body), "Content-Type": "application/json"}
    answers = [
        await line.send("POST", "/slack/events", body, {**headers, "X-Slack-Retry-Num": str(number)})
        for number in range(2)
    ]
    assert [each.status for each in answers] == [200, 200]


async def test_a_timestamp_that_is_no_number(scene: Scene, line: Wire):
    body = a_command("link tiktok")
    for timestamp in ("yesterday", "", "1e9", "-1", "٣٤٥", "1" * 400, "NaN"):
        answer = await line.slack(body, line.signature(body) | {"X-Slack-Request-Timestamp": timestamp})
        assert answer.status == 401, timestamp
        assert json.loads(answer.text)["error"].endswith("."), timestamp
    assert await _untouched(scene)


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_oversized_body(line: Wire, chunked: bool):
    body = b"x" * LARGE
    for path in ("/slack/events", *(f"/webhooks/{each}" for each in WEBHOOKS)):
        answer = await line.send("POST", path, body, line.signature(body), chunked=chunked)
        assert answer.status == 413, path
        assert "larger than one megabyte" in answer.text


async def test_an_oversized_form_on_the_connect_page(scene: Scene, line: Wire):
    address = await scene.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    answer = await line.send("POST", address, b"x" * 20_000)
    assert answer.status == 413
    assert "more than this page takes" in answer.text
    assert (await scene.people.consent(address, "velowerk")).status == 200


async def test_a_signed_body_that_makes_no_sense_is_no_server_error(line: Wire):
    for body in NONSENSE:
        for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain", ""):
            answer = await line.slack(body, {**line.signature(body), "Content-Type": kind})
            assert answer.status < 500, (body, kind)
