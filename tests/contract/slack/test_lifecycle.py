"""Installing, leaving, events with their retries, Socket Mode, and the coverage table of the emulated Slack."""

import asyncio
import re
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.slack.emulator import METHODS
from sandbox.slack.limits import PER_MINUTE
from tests.contract.sandbox_slack import actions, button, code_of, modal, section, until

CLIENT = {"client_id": "1000.2000", "client_secret": "sandbox-client-secret"}


# The SDK of today still builds its client's authentication with what aiohttp 4 drops.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
class TestInstalling:
    def query(self, site, **more):
        asked = {
            "client_id": "1000.2000",
            "scope": "commands,chat:write",
            "state": "st",
            "redirect_uri": f"{site.bot.url}/slack/oauth_redirect",
        }
        return {**asked, **more}

    async def decide(self, site, **more):
        form = {**self.query(site), "team": "T0OUTSIDE", "decision": "allow", **more}
        async with site.http.post(
            "/slack.com/oauth/v2/authorize", data=form, allow_redirects=False
        ) as answer:
            location = urlsplit(answer.headers.get("Location", ""))
            return answer.status, {name: values[0] for name, values in parse_qs(location.query).items()}

    def exchange(self, site, code, **more):
        fields = {**CLIENT, "code": code, "redirect_uri": self.query(site)["redirect_uri"], **more}
        return site.with_token(None).oauth_v2_access(**fields)

    async def test_the_page_names_teams_and_what_is_asked_for(self, site):
        asked = self.query(site, scope="chat:write,<b>")
        async with site.http.get("/slack.com/oauth/v2/authorize", params=asked) as answer:
            page = await answer.text()
        assert "Outside Studio" in page
        assert "Send messages as the app" in page
        assert "&lt;b&gt;" in page

    async def test_allowing_installs_the_app_in_that_team(self, site):
        status, back = await self.decide(site)
        assert (status, back["state"]) == (302, "st")
        told = await self.exchange(site, back["code"])
        assert told["team"] == {"id": "T0OUTSIDE", "name": "Outside Studio"}
        assert (told["token_type"], told["scope"]) == ("bot", "commands,chat:write")
        client = site.with_token(told["access_token"])
        assert (await client.auth_test())["team_id"] == "T0OUTSIDE"
        assert told["bot_user_id"] != "U0CROSSLINK"
        assert (await site.slash("help", user="outsider", channel="velo-werk"))["status"] == 200
        assert site.bot.last["team_id"] == "T0OUTSIDE"

    async def test_cancelling_comes_back_with_access_denied(self, site):
        _, back = await self.decide(site, decision="cancel")
        assert back == {"error": "access_denied", "state": "st"}

    async def test_a_code_is_used_once_within_ten_minutes_for_its_address(self, site):
        codes = [(await self.decide(site))[1]["code"] for _ in range(2)]
        elsewhere = self.exchange(site, codes[0], redirect_uri="http://elsewhere.example")
        assert await code_of(elsewhere) == "bad_redirect_uri"
        await self.exchange(site, codes[0])
        assert await code_of(self.exchange(site, codes[0])) == "code_already_used"
        await site.control("clock/advance", seconds=601)
        assert await code_of(self.exchange(site, codes[1])) == "invalid_code"
        assert await code_of(self.exchange(site, "made-up")) == "invalid_code"

    async def test_the_app_must_know_its_own_secret(self, site):
        assert await code_of(self.exchange(site, "x", client_secret="guess")) == "bad_client_secret"
        assert await code_of(self.exchange(site, "x", client_id="1.2")) == "invalid_client_id"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"client_id": "1.2"},
            {"redirect_uri": "https://evil.example/"},
            {"scope": ""},
            {"redirect_uri": ""},
        ],
    )
    async def test_a_wrong_question_sends_nobody_anywhere(self, site, wrong):
        async with site.http.get("/slack.com/oauth/v2/authorize", params=self.query(site, **wrong)) as answer:
            assert answer.status == 400
        assert (await self.decide(site, **wrong))[0] == 400

    async def test_configured_addresses_are_the_only_ones(self, site):
        await site.control("slack/manifest", oauth_config={"redirect_urls": ["https://bot.example/slack"]})
        assert (await self.decide(site))[0] == 400
        assert (await self.decide(site, redirect_uri="https://bot.example/slack/oauth_redirect"))[0] == 302

    async def test_installing_again_keeps_the_token_and_adds_scopes(self, site):
        _, back = await self.decide(site, team="T0AGENCY", scope="channels:join")
        told = await self.exchange(site, back["code"])
        assert told["access_token"] == site.emulator.bot_token
        assert {"channels:join", "chat:write"} <= set(told["scope"].split(","))


class TestLeaving:
    async def test_an_uninstalled_app_is_told_and_its_token_is_dead(self, site):
        token = site.emulator.bot_token
        await site.control("slack/uninstall", team="T0AGENCY")
        await until(lambda: len(site.bot.heard) == 2)
        assert {one["event"]["type"] for one in site.bot.heard} == {"app_uninstalled", "tokens_revoked"}
        assert await code_of(site.with_token(token).auth_test()) == "account_inactive"
        assert (await site.slash("help"))["error"] == "invalid_command"
        assert (await site.read("workspace", user="requester"))["app"] is None
        assert "U0CROSSLINK" not in site.emulator.state.workspace.channels["C0BAKERY"].members

    async def test_revoked_tokens_are_another_thing(self, site):
        token = site.emulator.bot_token
        await site.control("slack/uninstall", team="T0AGENCY", revoke_tokens=True)
        await until(lambda: site.bot.heard)
        assert site.bot.last["event"]["tokens"] == {"oauth": [], "bot": ["U0CROSSLINK"]}
        assert await code_of(site.with_token(token).auth_test()) == "token_revoked"

    async def test_the_app_can_go_by_itself(self, site):
        assert (await site.client.auth_revoke(test=True))["revoked"] is False
        assert (await site.client.apps_uninstall(**CLIENT))["ok"]
        assert await code_of(site.client.auth_test()) == "account_inactive"

    async def test_it_comes_back_with_a_new_token(self, site):
        token = site.emulator.bot_token
        await site.client.auth_revoke()
        await site.control("slack/install", team="agency")
        assert site.emulator.bot_token != token
        assert (await site.with_token(site.emulator.bot_token).auth_test())["ok"]

    async def test_a_button_of_a_gone_app_does_nothing(self, site):
        told = await site.client.chat_postMessage(channel="C0BAKERY", text="x", blocks=[actions(button())])
        await site.control("slack/uninstall", team="T0AGENCY")
        where = {"channel": "C0BAKERY", "ts": told["ts"], "action_id": "go"}
        assert "isn't installed in Agency" in (await site.people("click", "requester", **where))["error"]

    async def test_somebody_who_left_can_do_nothing(self, site):
        await site.control("slack/people/manager", deleted=True)
        assert (await site.slash("x", user="manager"))["http"] == 400
        assert await code_of(site.client.chat_postMessage(channel="U0MANAGER", text="x")) == "user_disabled"


class TestEvents:
    async def attempts(self, site, count):
        deliveries = await site.read("deliveries", platform="slack")
        await until(lambda: len(site.bot.heard) >= count)
        return deliveries

    async def test_a_refused_event_comes_again_at_once_after_a_minute_and_after_five(self, site):
        async def answer(_payload):
            return web.Response(status=500)

        site.bot.answers["app_home_opened"] = answer
        await site.people("home", "manager")
        await until(lambda: len(site.bot.heard) == 2)
        await asyncio.sleep(0.05)
        assert len(site.bot.heard) == 2
        await site.control("clock/advance", seconds=60)
        await until(lambda: len(site.bot.heard) == 3)
        await site.control("clock/advance", seconds=300)
        await until(lambda: len(site.bot.heard) == 4)
        numbers = [headers.get("X-Slack-Retry-Num") for headers in site.bot.headers]
        assert numbers == [None, "1", "2", "3"]
        assert site.bot.headers[1]["X-Slack-Retry-Reason"] == "http_error"
        assert len({one["event_id"] for one in site.bot.heard}) == 1
        await site.control("clock/advance", seconds=3600)
        await asyncio.sleep(0.05)
        (delivery,) = await site.read("deliveries", platform="slack")
        assert [one["status"] for one in delivery["attempts"]] == [500] * 4

    async def test_a_bot_can_ask_for_no_retries(self, site):
        async def answer(_payload):
            return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

        site.bot.answers["app_home_opened"] = answer
        await site.people("home", "manager")
        await until(lambda: site.bot.heard)
        await site.control("clock/advance", seconds=3600)
        await asyncio.sleep(0.05)
        assert len(site.bot.heard) == 1

    async def test_a_request_url_must_give_the_challenge_back(self, site):
        async def answer(payload):
            return web.Response(text=payload["challenge"])

        assert not (await site.control("slack/verify_url"))["verified"]
        site.bot.answers["url_verification"] = answer
        assert (await site.control("slack/verify_url"))["verified"]

    async def test_only_subscribed_events_are_sent(self, site):
        events = {"event_subscriptions": {"bot_events": ["member_joined_channel"]}}
        await site.control("slack/manifest", settings=events)
        assert not (await site.people("home", "manager"))["asked"]
        await site.control("slack/channels/general", bot_in=True)
        await until(lambda: site.bot.heard)
        event = site.bot.last["event"]
        assert (event["type"], event["channel"], event["user"]) == (
            "member_joined_channel",
            "C0GENERAL",
            "U0CROSSLINK",
        )

    async def test_requests_are_signed_at_the_turned_time_or_the_real_one(self, site):
        await site.control("clock/advance", seconds=86_400)
        assert (await site.slash("x"))["status"] == 200
        await site.control("switches/slack", signature_time="real")
        assert (await site.slash("x"))["status"] == 401
        assert (await site.control("switches/slack", signature_time="never"))["http"] == 400


class TestSockets:
    @asynccontextmanager
    async def connected(self, site, answer=None):
        heard = []

        async def listen(client, request):
            heard.append(request)
            await client.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload=answer)
            )

        client = SocketModeClient(
            app_token=site.emulator.app_token, web_client=site.client, auto_reconnect_enabled=False
        )
        client.socket_mode_request_listeners.append(listen)
        await client.connect()
        await until(lambda: site.emulator.state.sockets.any)
        try:
            yield heard
        finally:
            await client.disconnect()
            await client.close()

    async def test_a_command_goes_over_the_socket_and_its_answer_comes_back(self, site):
        async with self.connected(site, {"text": "over the wire"}) as heard:
            assert (await site.slash("help"))["status"] == 200
        assert (heard[0].type, heard[0].payload["command"]) == ("slash_commands", "/crosslink")
        assert site.bot.heard == []
        assert [one["text"] for one in await site.messages()] == ["over the wire"]

    async def test_clicks_and_events_do_too(self, site):
        told = await site.client.chat_postMessage(channel="C0BAKERY", text="x", blocks=[actions(button())])
        async with self.connected(site) as heard:
            await site.people("click", "requester", channel="C0BAKERY", ts=told["ts"], action_id="go")
            await site.people("home", "requester")
            await until(lambda: len(heard) == 2)
        assert [one.type for one in heard] == ["interactive", "events_api"]

    async def test_without_a_socket_it_is_http_again(self, site):
        async with self.connected(site):
            pass
        await until(lambda: not site.emulator.state.sockets.any)
        await site.slash("help")
        assert site.bot.last["text"] == "help"

    async def test_an_address_needs_the_app_token_and_works_once(self, site):
        assert await code_of(site.client.apps_connections_open(app_token="xoxb-1")) == "invalid_auth"
        told = await site.client.apps_connections_open(app_token=site.emulator.app_token)
        async with site.http.ws_connect(told["url"]) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        async with site.http.get(told["url"].replace("ws://", "http://")) as answer:
            assert answer.status == 404


async def test_the_coverage_table_is_the_list_of_routes(site):
    routes = {f"{one.method} {one.path}" for one in site.emulator.routes()}
    assert routes == {row.route for row in site.emulator.coverage()}
    assert {one.name for one in METHODS} == set(PER_MINUTE)


async def test_every_method_says_no_to_a_stranger(site):
    for method in METHODS:
        if method.caller != "anybody":
            answer = await site.call(method.name, token="xoxb-stranger")
            assert answer["error"] == "invalid_auth", method.name


async def test_no_page_or_snapshot_shows_a_token(site):
    await site.slash("x")
    await site.client.views_open(trigger_id=site.bot.last["trigger_id"], view=modal(section()))
    seen = [await site.read("workspace", user="manager"), await site.messages(), await site.views()]
    seen.append(await site.read("deliveries"))
    minted = await site.read("minted")
    assert any(re.match("xoxb-", secret) for secret in minted)
    assert [secret for secret in minted if secret in str(seen)] == []
