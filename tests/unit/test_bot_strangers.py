"""Anybody may write to the addresses that Slack, installations and deletions have, and write anything."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.guard import Guard, Refused
from bot.slack.install import Credentials, Install, InstallFault, NotInstalled
from bot.web.deletion import Deletion
from core.domain.secret import Secret
from tests.builders import NOW
from tests.fakes import FrozenClock

ANY_TEXT = st.text(st.characters())
"""Half a surrogate pair included: that is how a web server hands on bytes which are no text."""
APP = Credentials(
    client_id="1000.2000",
    secret=Secret("the app's"),
    authorize_url="https://slack.com/oauth/v2/authorize",
    redirect_uri="https://crosslink.example/slack/oauth_redirect",
)


class Nowhere:
    async def async_save(self, installation):
        raise AssertionError("nothing was proved")


@given(ANY_TEXT, st.binary())
@example("\udcff", b"")
def test_no_signature_of_a_stranger_is_slacks(text, raw):
    guard = Guard(secret=Secret("slack's"), clock=FrozenClock(NOW))
    headers = {"X-Slack-Request-Timestamp": str(int(NOW.timestamp())), "X-Slack-Signature": f"v0={text}"}
    assert guard.check(headers, raw) is Refused.FORGED


@given(ANY_TEXT, ANY_TEXT)
@example("\udcff", "x")
@example("x", "\udcff")
async def test_no_state_and_cookie_of_a_stranger_install_anything(state, rest):
    install = Install(app=APP, store=Nowhere(), slack=AsyncWebClient(), clock=FrozenClock(NOW))
    for cookie in (rest, f"9999999999.{state}.{rest}"):
        with pytest.raises(NotInstalled) as caught:
            await install.finish({"state": state, "code": "1"}, cookie)
        assert caught.value.fault is InstallFault.FOREIGN


@pytest.mark.parametrize("code", ["\udcff", "\0", "a\0", "²", "é", "../x", "a b"])
async def test_no_database_is_asked_for_a_code_that_can_be_none(code):
    runtime: Any = SimpleNamespace(notices=None)
    request: Any = SimpleNamespace(match_info={"code": code})
    assert (await Deletion(runtime).show(request)).status == 404
