"""Files on this machine and in Slack: had where they are, refused in words where not."""

import asyncio
import hashlib

import httpx
import pytest

from bot.views.words.source import source_trouble
from core.domain.refusals import Refusal
from core.domain.secret import Secret
from core.media.slack_file import SlackDownloads, SlackFile, read_slack_file, refused
from core.media.sources import InSlack, OnDisk
from storage.media_store import FolderStore
from tests.fakes import FrozenClock
from tests.integration.files import SIZE, WHOLE, refusal_of


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "media")


async def test_a_file_on_disk_is_held_where_it_is(tmp_path):
    (tmp_path / "film.mp4").write_bytes(WHOLE)
    async with OnDisk(tmp_path / "film.mp4").hold() as held:
        assert (held.source.name, held.sha256) == ("film.mp4", hashlib.sha256(WHOLE).hexdigest())


@pytest.mark.parametrize("name", ["missing.mp4", "."])
async def test_what_is_no_file_on_disk_is_refused(tmp_path, name):
    assert await refusal_of(OnDisk(tmp_path / name)) in {"file_missing", "file_not_a_file"}


TOKEN = Secret("xoxb-secret")
FACTS = {
    "id": "F1",
    "name": "film.mp4",
    "mimetype": "video/mp4",
    "size": SIZE,
    "mode": "hosted",
    "url_private_download": "https://files.slack.com/files-pri/T1-F1/download/film.mp4",
}


def in_slack(store, handler, file=None):
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    downloads = SlackDownloads(client, api_url="https://slack.com/api/")
    file = file or read_slack_file(FACTS, largest=SIZE)
    return InSlack(file, TOKEN, downloads=downloads, store=store, clock=FrozenClock())


async def test_a_file_in_slack_is_had_with_the_token_once(store):
    asked = []

    def handler(request):
        asked.append(request.headers["Authorization"])
        return httpx.Response(200, stream=httpx.ByteStream(WHOLE), headers={"Content-Type": "video/mp4"})

    origin = in_slack(store, handler)
    for _ in range(2):
        async with origin.hold() as held:
            assert held.source.name == "film.mp4"
            assert held.sha256 == hashlib.sha256(WHOLE).hexdigest()
    assert asked == ["Bearer xoxb-secret"]
    assert origin.fetched == SIZE


PAGE = {"Content-Type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(200, text="<!DOCTYPE html><title>Sign in</title>", headers=PAGE), "slack_file_login"),
        (httpx.Response(302, headers={"Location": "https://slack.com/signin"}), "slack_file_login"),
        (httpx.Response(404), "slack_file_gone"),
        (httpx.Response(403), "slack_file_not_shared"),
        (httpx.Response(500), "slack_file_failed"),
        (httpx.Response(200, stream=httpx.ByteStream(b"short")), "slack_file_failed"),
        (httpx.Response(200, stream=httpx.ByteStream(WHOLE + b"x")), "slack_file_failed"),
    ],
)
async def test_slack_giving_no_file_is_said_in_words(store, answer, code):
    async with asyncio.timeout(5):
        assert await refusal_of(in_slack(store, lambda request: answer)) == code


async def test_the_token_goes_to_slack_only(store):
    for url in ("https://evil.example/f", "http://files.slack.com/f", "https://slack.com.evil.example/f"):
        file = SlackFile(id="F1", name="f", size=1, url=url)
        assert await refusal_of(in_slack(store, pytest.fail, file)) == "slack_file_address"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"mode": "tombstone"}, "slack_file_gone"),
        ({"mode": "hidden_by_limit"}, "slack_file_gone"),
        ({"is_external": True}, "slack_file_elsewhere"),
        ({"file_access": "file_not_found"}, "slack_file_not_shared"),
        ({"file_access": "access_denied"}, "slack_file_not_shared"),
        ({"url_private_download": None}, "slack_file_unfinished"),
        ({"size": SIZE + 1}, "media_too_large"),
    ],
)
def test_what_slack_says_of_a_file_is_believed(facts, code):
    with pytest.raises(Refusal, match=code) as caught:
        read_slack_file(FACTS | facts, largest=SIZE)
    assert source_trouble(caught.value.code, caught.value.facts)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("file_not_found", "slack_file_not_shared"),
        ("not_in_channel", "slack_file_not_shared"),
        ("file_deleted", "slack_file_gone"),
        ("missing_scope", "slack_file_scope"),
        ("ratelimited", "slack_file_failed"),
    ],
)
def test_slacks_errors_have_sentences(error, code):
    assert refused(error).code == code
    assert source_trouble(code, {})
