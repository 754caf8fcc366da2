"""What people type in the emulated Slack reaches the bot as Slack sends it, and its answers reach the people."""

import asyncio

import pytest
from aiohttp import web

from sandbox.slack import bot
from tests.contract.sandbox_slack import (
    actions,
    button,
)


class TestCommands:
    async def test_the_bot_gets_a_signed_form(self, site):
        told = await site.slash("  status  now ")
        assert (told["status"], told["ack"], site.bot.forged) == (200, None, 0)
        assert "error" not in told
        heard = site.bot.last
        assert (heard["command"], heard["text"], heard["user_id"]) == (
            "/crosslink",
            "status  now",
            "U0REQUESTER",
        )
        assert (heard["team_id"], heard["channel_id"], heard["api_app_id"]) == (
            "T0AGENCY",
            "C0BAKERY",
            "A0CROSSLINK",
        )
        assert site.bot.headers[-1]["Content-Type"] == "application/x-www-form-urlencoded"

    @pytest.mark.parametrize("channel", ["C0BAKERY", "nordlicht-bakery", "#nordlicht-bakery"])
    @pytest.mark.parametrize("user", ["U0REQUESTER", "requester", "@requester"])
    async def test_people_and_channels_have_ids_and_names(self, site, user, channel):
        assert (await site.slash("x", user=user, channel=channel))["status"] == 200

    async def test_a_direct_message_is_named_so(self, site):
        await site.slash("x", channel="D0REQUESTER")
        assert site.bot.last["channel_name"] == "directmessage"

    async def test_an_answer_is_for_the_person_alone(self, site):
        site.bot.answers["command"] = {"text": "only you"}
        told = await site.slash("help")
        assert told["ack"] == {"text": "only you"}
        assert [(one["text"], one["is_ephemeral"]) for one in await site.messages()] == [("only you", True)]
        assert await site.messages(user="manager") == []

    async def test_an_answer_can_be_for_the_channel(self, site):
        site.bot.answers["command"] = {"text": "all", "response_type": "in_channel"}
        await site.slash("help")
        assert [one["is_ephemeral"] for one in await site.messages(user="manager")] == [False]

    async def test_a_plain_text_answer_counts_too(self, site):
        async def answer(_payload):
            return web.Response(text="plain words")

        site.bot.answers["command"] = answer
        await site.slash("help")
        assert [one["text"] for one in await site.messages()] == ["plain words"]

    async def test_bad_blocks_in_an_answer_are_an_error_to_the_person(self, site):
        site.bot.answers["command"] = {"blocks": [{"type": "banner"}]}
        told = await site.slash("help")
        assert told["error"] == "invalid_blocks"
        assert "invalid_blocks" in (await site.messages())[-1]["text"]

    async def test_a_failing_bot_is_told_in_slacks_words(self, site):
        async def answer(_payload):
            return web.Response(status=500)

        site.bot.answers["command"] = answer
        told = await site.slash("help")
        assert (told["status"], told["error"]) == (500, "dispatch_failed")
        assert (await site.messages())[-1]["text"] == "/crosslink failed with the error “dispatch_failed”"

    async def test_after_three_seconds_the_operation_has_timed_out(self, site, monkeypatch):
        assert bot.ACK_SECONDS == 3
        monkeypatch.setattr(bot, "ACK_SECONDS", 0.3)
        over = asyncio.Event()

        async def answer(_payload):
            await over.wait()

        site.bot.answers["command"] = answer
        told = await site.slash("help")
        over.set()
        assert (told["status"], told["error"]) == (0, "operation_timeout")
        assert 290 <= told["ack_ms"] < 3000
        assert (await site.messages())[-1]["text"] == "/crosslink failed with the error “operation_timeout”"
        assert len(site.bot.heard) == 1

    async def test_a_team_without_the_app_has_no_such_command(self, site):
        told = await site.slash("help", user="outsider", channel="velo-werk")
        assert (told["status"], told["error"], site.bot.heard) == (0, "invalid_command", [])
        seen = await site.messages("velo-werk", "outsider")
        assert seen[-1]["text"].startswith("/crosslink is not a valid command.")

    async def test_names_become_ids_where_the_manifest_says_so(self, site):
        command = {"command": "/crosslink", "description": "d", "should_escape": True}
        await site.control("slack/manifest", features={"slash_commands": [command]})
        await site.slash("settings @manager @on-call-team #velo-werk @nobody")
        assert site.bot.last["text"] == (
            "settings <@U0MANAGER|manager> <!subteam^S0ONCALL|@on-call-team> <#C0VELO|velo-werk> @nobody"
        )

    @pytest.mark.parametrize(
        "body",
        [
            {"user": "nobody", "channel": "general", "text": "x"},
            {"user": "requester", "channel": "nowhere", "text": "x"},
            {"user": "outsider", "channel": "general", "text": "x"},
            {"user": "crosslink", "channel": "velo-werk", "text": "x"},
            {"user": "requester", "channel": "general", "text": "x", "signature": "mine"},
            {"user": "requester", "channel": "general", "text": 7},
        ],
    )
    async def test_nonsense_is_answered_with_a_sentence(self, site, body):
        told = await site.control("people/slash", **body)
        assert told["http"] == 400
        assert len(told["error"]) > 10


class TestResponseUrls:
    async def say(self, site, url, **body):
        async with site.http.post(url, json=body) as answer:
            return answer.status, (await answer.json()).get("error", "")

    async def test_a_url_works_five_times(self, site):
        await site.slash("x")
        url = site.bot.last["response_url"]
        said = [await self.say(site, url, text=str(n)) for n in range(6)]
        assert said == [(200, "")] * 5 + [(404, "used_url")]
        assert [one["text"] for one in await site.messages()] == list("01234")

    async def test_a_url_works_for_thirty_minutes(self, site):
        await site.slash("x")
        await site.control("clock/advance", seconds=1801)
        assert await self.say(site, site.bot.last["response_url"], text="late") == (404, "expired_url")

    async def test_an_ephemeral_message_is_replaced_and_deleted_through_it(self, site):
        blocks = [actions(button())]
        told = await site.client.chat_postEphemeral(
            channel="C0BAKERY", user="U0REQUESTER", text="a", blocks=blocks
        )
        where = {"channel": "C0BAKERY", "ts": told["message_ts"]}
        await site.people("click", "requester", **where, action_id="go")
        url = site.bot.last["response_url"]
        await self.say(site, url, replace_original=True, text="done")
        (message,) = await site.messages()
        assert (message["text"], message["is_ephemeral"], message.get("blocks")) == ("done", True, None)
        await self.say(site, url, delete_original=True)
        assert await site.messages() == []

    async def test_the_answer_to_a_command_can_be_replaced(self, site):
        site.bot.answers["command"] = {"text": "working on it"}
        await site.slash("x")
        await self.say(site, site.bot.last["response_url"], replace_original=True, text="done")
        assert [one["text"] for one in await site.messages()] == ["done"]

    async def test_it_speaks_to_everybody_when_asked_even_where_the_bot_is_not(self, site):
        await site.slash("x", channel="general")
        await self.say(site, site.bot.last["response_url"], text="all", response_type="in_channel")
        assert [one["text"] for one in await site.messages("general", "manager")] == ["all"]

    async def test_bad_blocks_are_refused(self, site):
        await site.slash("x")
        said = await self.say(site, site.bot.last["response_url"], blocks=[{"type": "no"}])
        assert said == (400, "invalid_blocks")

    async def test_a_made_up_url_is_none(self, site):
        assert (await self.say(site, "/hooks.slack.com/actions/T0AGENCY/1/abc", text="x"))[0] == 404
