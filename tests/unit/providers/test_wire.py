"""What a missing, late, huge or spoilt answer means, and that nothing of a call shows."""

import asyncio
import logging
from datetime import timedelta
from traceback import walk_tb

import httpx
import pytest

from core.domain.errors import Final, Passing, PlatformDown, Throttled, Unconfirmed, Unreachable
from core.domain.secret import Secret
from core.providers.wire import Answer, Call, Effect, Freight, Wire, open_client, plain
from tests.builders import NOW
from tests.unit.providers.scripted import Platform, tiktok, tiktok_credentials

URL = "https://platform.test/token"
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
LOST = (
    httpx.ReadTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.RemoteProtocolError,
    httpx.DecodingError,
)


def a_call(effect=Effect.READS, **changes):
    return Call(**{"effect": effect, "method": "GET", "url": URL} | changes)


async def ask(*answers, effect=Effect.READS, **bounds):
    return await Wire(Platform(*answers).transport, **bounds).ask(a_call(effect))


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("error", NEVER_SENT)
async def test_what_was_never_sent_never_happened(error, effect):
    with pytest.raises(Unreachable) as caught:
        await ask(error("boom"), effect=effect)
    assert caught.value.code == error.__name__


@pytest.mark.parametrize("error", LOST)
@pytest.mark.parametrize(
    ("effect", "trouble"),
    [(Effect.READS, Unreachable), (Effect.REPEATS, Unreachable), (Effect.ONCE, Unconfirmed)],
)
async def test_a_lost_answer_is_unconfirmed_only_where_asking_twice_does_harm(error, effect, trouble):
    with pytest.raises(trouble):
        await ask(error("boom"), effect=effect)


@pytest.mark.parametrize("body", ["<html>", '{"access_token": "act.cut', b"\xff\xfe<", "[" * 100_000])
@pytest.mark.parametrize(("effect", "trouble"), [(Effect.READS, Unreachable), (Effect.ONCE, Unconfirmed)])
async def test_an_answer_that_nobody_can_read_is_lost(body, effect, trouble):
    with pytest.raises(trouble, match="unreadable_answer"):
        await ask((200, body), effect=effect)


async def test_an_answer_is_read_up_to_its_bound():
    with pytest.raises(Unconfirmed, match="answer_too_large"):
        await ask((200, {"padding": "x" * 5_000}), effect=Effect.ONCE, largest=1_000)


async def test_a_dribbling_answer_is_not_waited_for():
    async def never_ends(_request):
        await asyncio.Event().wait()

    with pytest.raises(Unconfirmed, match="TimeoutError"):
        await Wire(httpx.MockTransport(never_ends), total=0.02).ask(a_call(Effect.ONCE))


async def test_an_empty_body_reads_as_nothing_said():
    assert (await ask((200, ""))).body == {}


async def test_a_gateway_may_fail_in_any_language():
    answer = await ask((502, "<html>bad gateway</html>"))
    assert (answer.status, answer.body) == (502, None)


async def test_redirects_are_not_followed():
    platform = Platform((302, "", {"Location": "https://elsewhere.test/"}))
    assert (await Wire(platform.transport).ask(a_call())).status == 302
    assert len(platform.asked) == 1


@pytest.mark.parametrize(
    ("status", "effect", "trouble"),
    [
        (429, Effect.ONCE, Throttled),
        (503, Effect.ONCE, PlatformDown),
        (502, Effect.ONCE, Unconfirmed),
        (502, Effect.READS, PlatformDown),
        (404, Effect.READS, Passing),
        (404, Effect.ONCE, Unconfirmed),
    ],
)
def test_a_status_without_a_code_means_what_http_says(status, effect, trouble):
    error = Answer(status=status, body=None, headers=httpx.Headers(), effect=effect).nameless(NOW)
    assert (type(error), error.code) == (trouble, f"http_{status}")


@pytest.mark.parametrize(("header", "seconds"), [("30", 30), (" 5 ", 5)])
def test_a_stated_pause_is_believed(header, seconds):
    answer = Answer(
        status=429, body=None, headers=httpx.Headers({"Retry-After": header}), effect=Effect.READS
    )
    assert answer.nameless(NOW).until == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("header", ["", "soon", "-3", "9999999"])
def test_a_pause_that_is_no_number_is_none(header):
    answer = Answer(
        status=429, body=None, headers=httpx.Headers({"Retry-After": header}), effect=Effect.READS
    )
    assert answer.retry_at(NOW) is None


def with_locals(error):
    """Return what the most talkative error reporter prints of our frames: every local."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__) if "/core/" in frame.f_code.co_filename]
    assert frames
    return repr([frame.f_locals for frame in frames])


async def test_no_secret_of_a_call_is_logged_or_shown(caplog):
    caplog.set_level(logging.DEBUG)
    call = a_call(
        Effect.ONCE,
        query={"access_token": Secret("in-query")},
        form={"client_secret": Secret("in-form")},
        bearer=Secret("in-header"),
    )
    answer = await Wire(Platform((200, {"access_token": "in-answer"})).transport).ask(call)
    with pytest.raises(Unconfirmed) as caught:
        await Wire(Platform(httpx.ReadTimeout("in-error")).transport).ask(call)
    shown = f"{caplog.text}{call!r}{answer!r}{caught.value!r}{with_locals(caught.value)}"
    assert not [secret for secret in ("in-query", "in-form", "in-header", "in-answer") if secret in shown]


@pytest.mark.parametrize("body", ['{"access_token": "in-answer"', {"access_token": "in-answer"}])
async def test_an_answer_nobody_can_read_is_not_shown_either(body):
    with pytest.raises(Unconfirmed) as caught:
        await tiktok(Platform((200, body))).refresh(tiktok_credentials(), now=NOW)
    assert "in-answer" not in with_locals(caught.value)


async def test_no_cookie_goes_from_one_account_to_the_next():
    async with open_client() as client:
        answer = httpx.Response(200, headers={"Set-Cookie": "session=1"}, request=httpx.Request("GET", URL))
        client.cookies.extract_cookies(answer)
        assert not list(client.cookies.jar)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("invalid_grant", "invalid_grant"), (190, "190"), ("a b", ""), (None, ""), ("x" * 97, "")],
)
def test_only_plain_codes_get_into_errors(value, shown):
    assert plain(value) == shown


async def test_trouble_with_the_freight_shows_nothing_of_the_call():
    async def pieces():
        raise Final("media_gone")
        yield b""

    freight = Freight(pieces=pieces(), size=5, seconds=5)
    call = a_call(Effect.ONCE, url=Secret(f"{URL}?upload_token=in-address"), freight=freight)
    with pytest.raises(Final) as caught:
        await Wire(Platform((200, "")).transport).ask(call)
    passed = [frame.f_locals for frame, _ in walk_tb(caught.tb) if frame.f_code.co_filename != __file__]
    assert passed
    assert "in-address" not in repr(passed)


async def test_a_client_writes_no_query_into_the_log(caplog):
    caplog.set_level(logging.INFO, logger="httpx")
    async with open_client(Platform((200, {})).transport) as client:
        await client.get(URL, params={"access_token": "in-query"})
    assert URL in caplog.text
    assert "in-query" not in caplog.text
