"""Preflight in Slack: a file in a channel, what the platforms will say to it, and the version that fits."""

from fractions import Fraction
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandbox.journey import button, words
from tests.media.films import Film, Sound, make
from tests.scenario.scene import HOUR, VELO_CHANNEL, Scene, until
from tests.scenario.wire import Wire

SHORTCUT = "preflight_video"
RIDE = Film(width=360, height=640, rate=24, frames=144, options={"crf": "45", "g": "24"}, sounds=(Sound(),))
"""Six seconds with the index last: what is made of most films that people export."""


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> bytes:
    file: Path = tmp_path_factory.mktemp("films") / "ride.mp4"
    make(file, RIDE)
    return file.read_bytes()


def is_card(message) -> bool:
    return message["is_ephemeral"] and bool(button(message, "preflight.share"))


async def a_card(scene: Scene, content: bytes, *, user: str = "requester", name: str = "Ride #1.mp4"):
    """Upload a film, use the shortcut on its message, and wait for the card."""
    uploaded = await scene.people.upload(user, VELO_CHANNEL, name, content)
    answer = await scene.people.shortcut(user, VELO_CHANNEL, uploaded, SHORTCUT)
    assert answer["status"] == 200
    return await scene.people.sees(user, VELO_CHANNEL, is_card)


async def a_made_card(scene: Scene):
    return await scene.people.sees(
        "requester", VELO_CHANNEL, lambda each: bool(button(each, "preflight.download"))
    )


async def test_a_film_is_judged_mended_and_downloaded(scene: Scene, film: bytes):
    card = await a_card(scene, film)
    said = words(card)
    assert "Ride #1.mp4" in said
    assert "Instagram Reel*: Blocked" in said
    assert "Index position" in said
    assert "allowed: first" in said
    assert "Fix makes one file" in said
    await scene.people.click("requester", VELO_CHANNEL, card, "preflight.fix")
    made = await a_made_card(scene)
    assert made["ts"] == card["ts"], "the card gives way to the new one"
    assert "Blocked" not in words(made)
    assert (
        len([each for each in await scene.people.messages("requester", VELO_CHANNEL) if is_card(each)]) == 1
    )


async def test_a_version_is_downloaded_whole_or_in_parts_for_an_hour(scene: Scene, film: bytes):
    await scene.people.click("requester", VELO_CHANNEL, await a_card(scene, film), "preflight.fix")
    url = button(await a_made_card(scene), "preflight.download")["url"]
    status, headers, fixed = await got(scene, url)
    assert (status, headers["Content-Type"]) == (200, "video/mp4")
    assert headers["Content-Disposition"].startswith('attachment; filename="Ride _1.mp4"')
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert fixed.index(b"moov") < fixed.index(b"mdat")
    status, headers, part = await got(scene, url, Range="bytes=4-7")
    assert (status, part) == (206, fixed[4:8])
    assert headers["Content-Range"] == f"bytes 4-7/{len(fixed)}"
    assert (await got(scene, url, Range=f"bytes={len(fixed)}-"))[0] == 416
    await scene.later(HOUR + 1)
    assert (await got(scene, url))[0] == 410


async def got(scene: Scene, url: str, **headers: str):
    async with scene.people._session.get(url, headers=headers) as answer:
        return answer.status, answer.headers, await answer.read()


async def test_the_poster_is_a_picture_from_our_own_address(scene: Scene, film: bytes):
    card = await a_card(scene, film)
    picture = next(each["accessory"] for each in card["blocks"] if each.get("accessory"))
    assert urlsplit(picture["image_url"]).netloc == urlsplit(scene.url).netloc
    async with scene.people._session.get(picture["image_url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert (await answer.read()).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-2], lambda token: "A" + token, lambda _: "..%2F..%2Fetc%2Fpasswd"]
)
async def test_a_forged_address_opens_nothing(scene: Scene, film: bytes, spoil):
    card = await a_card(scene, film)
    picture = next(each["accessory"] for each in card["blocks"] if each.get("accessory"))
    token = picture["image_url"].rpartition("/")[2]
    async with scene.people._session.get(f"{scene.url}/media/{spoil(token)}") as answer:
        assert answer.status == 404


async def test_all_findings_and_sharing(scene: Scene, film: bytes):
    card = await a_card(scene, film)
    await scene.people.click("requester", VELO_CHANNEL, card, "preflight.findings")
    view = await scene.people.view("requester", "notice", "All Findings")
    await until(lambda: _says(scene, "Index position"), "the findings never came")
    assert "Ride #1.mp4" in words(await scene.people.view("requester", "notice", "All Findings"))
    await scene.people.call("POST", "people/close", {"user": "requester", "view_id": view["id"]})
    await scene.people.click("requester", VELO_CHANNEL, card, "preflight.share")
    shared = await scene.told("manager", "Shared by")
    assert not shared["is_ephemeral"]
    assert not button(shared, "preflight")


async def _says(scene: Scene, text: str) -> bool:
    views = await scene.people.call("GET", "views", user="requester")
    return any(text in words(each) for each in views)


async def test_a_film_too_long_for_the_account_asks_which_part_stays(linked: Scene, film: bytes):
    await linked.change("tiktok", "velowerk", max_video_post_duration_sec=5)
    await linked.later(HOUR + 60)
    card = await a_card(linked, film)
    assert "which 5 seconds" in words(card)
    assert "@velowerk" in words(card)
    await linked.people.click("requester", VELO_CHANNEL, card, "preflight.ask")
    view = await linked.people.view("requester", "preflight.answer")
    wrong = await linked.people.submit("requester", view, {"start": "0:02", "end": "0:59", "music": "own"})
    assert "seconds inside the film's" in str(wrong)
    await linked.people.submit("requester", view, {"start": "0:01", "end": "0:05", "music": "own"})
    assert await linked.people.call("GET", "views", user="requester") == [], (
        "nothing stands over the progress"
    )
    made = await a_made_card(linked)
    assert "4.00 s" in words(made)
    assert "Blocked" not in words(made)
    assert "Music rights" not in words(made)


async def test_cancelling_leaves_nothing_behind(scene: Scene, tmp_path: Path):
    file = tmp_path / "long.mp4"
    make(file, Film(width=1080, height=1920, rate=Fraction(5), frames=300, options={"crf": "50"}, sounds=()))
    card = await a_card(scene, file.read_bytes())
    await scene.people.click("requester", VELO_CHANNEL, card, "preflight.fix")
    working = await scene.people.sees(
        "requester", VELO_CHANNEL, lambda each: bool(button(each, "preflight.cancel"))
    )
    assert "Making a version" in words(working)
    await scene.people.click("requester", VELO_CHANNEL, working, "preflight.cancel")
    stopped = await scene.told("requester", "Cancelled.")
    assert stopped["ts"] == card["ts"]
    assert button(stopped, "preflight.fix")


async def test_a_modal_takes_a_file_that_only_the_bot_gets(scene: Scene, film: bytes):
    uploaded = await scene.people.upload("requester", "", "Ride.mp4", film)
    await scene.people.slash("requester", VELO_CHANNEL, "preflight")
    view = await scene.people.view("requester", "preflight.submit")
    nothing = await scene.people.submit("requester", view, {})
    assert "Choose a file" in str(nothing)
    await scene.people.submit(
        "requester",
        view,
        {"file": uploaded["file"]["id"], "targets": ["instagram.story"], "caption": "#ride " * 40},
    )
    assert await scene.people.call("GET", "views", user="requester") == []
    card = await scene.people.sees("requester", VELO_CHANNEL, is_card)
    assert "Instagram Story" in words(card)
    assert "TikTok" not in words(card)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://127.0.0.1/film.mp4", "private network"),
        ("https://169.254.169.254/latest/meta-data", "private network"),
        ("http://media.example/film.mp4", "doesn't begin with https"),
        ("https://me:secret@media.example/film.mp4", "user name or password"),
        ("file:///etc/passwd", "https"),
    ],
)
async def test_an_address_that_leads_inside_is_refused_in_words(scene: Scene, url: str, said: str):
    await scene.people.slash("requester", VELO_CHANNEL, f"preflight {url}")
    refused = await scene.told("requester", said)
    assert refused["is_ephemeral"]
    assert "secret" not in words(refused)


async def test_a_file_the_bot_may_not_read_is_said_in_words(scene: Scene, film: bytes):
    uploaded = await scene.people.upload("requester", VELO_CHANNEL, "Ride.mp4", film)
    await scene.people.call("POST", f"slack/channels/{VELO_CHANNEL}", {"bot_in": False})
    await scene.people.shortcut("requester", VELO_CHANNEL, uploaded, SHORTCUT)
    await scene.told("requester", "sign-in page instead of the file")


async def test_a_message_without_a_file_or_link(scene: Scene):
    written = await scene.people.call(
        "POST", "people/message", {"user": "requester", "channel": VELO_CHANNEL, "text": "Good morning"}
    )
    await scene.people.shortcut("requester", VELO_CHANNEL, written, SHORTCUT)
    await scene.told("requester", "no video, picture or link")


async def test_a_page_that_calls_itself_a_film(scene: Scene):
    card = await a_card(scene, b"<!doctype html><html><body>Sign in</body></html>", name="ride.mp4")
    assert "Blocked" in words(card)
    assert "web page" in words(card)
    assert not button(card, "preflight.fix")


async def test_for_somebody_of_another_workspace_nothing_is_fetched(scene: Scene, line: Wire, film: bytes):
    uploaded = await scene.people.upload("requester", VELO_CHANNEL, "Ride.mp4", film)
    messages = await scene.people.messages("requester", VELO_CHANNEL)
    message = next(each for each in messages if each["ts"] == uploaded["ts"])
    await line.press(
        "",
        "",
        user="U0OUTSIDER",
        home="T0OUTSIDE",
        type="message_action",
        callback_id=SHORTCUT,
        channel={"id": VELO_CHANNEL},
        message=message,
    )
    assert not [each for each in await scene.people.messages("outsider", VELO_CHANNEL) if is_card(each)]
    assert await scene.asked("slack.files.download") == 0
