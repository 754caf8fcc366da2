"""Messages over the emulated Web API: written, changed, seen by one person, refused."""

import pytest

from tests.contract.sandbox_slack import code_of, section


class TestChat:
    async def test_a_message_comes_back_in_slacks_shape(self, site):
        told = await site.client.chat_postMessage(channel="C0BAKERY", text="hi", blocks=[section()])
        block = told["message"]["blocks"][0]
        assert told["channel"] == "C0BAKERY"
        assert told["message"]["bot_profile"]["app_id"] == "A0CROSSLINK"
        assert block["block_id"]
        assert block["text"]["verbatim"] is False

    async def test_form_and_json_bodies_mean_the_same(self, site):
        form = {
            "channel": "C0BAKERY",
            "text": "x",
            "blocks": '[{"type": "divider"}]',
            "token": site.emulator.bot_token,
        }
        async with site.http.post("/slack.com/api/chat.postMessage", data=form) as answer:
            assert (await answer.json())["message"]["blocks"][0]["type"] == "divider"

    async def test_everybody_in_the_channel_sees_it(self, site):
        await site.client.chat_postMessage(channel="C0VELO", text="hi")
        assert [one["text"] for one in await site.messages("velo-werk", "outsider")] == ["hi"]

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
            ({"channel": "C0GENERAL", "text": "x"}, "not_in_channel"),
            ({"channel": "U0OUTSIDER", "text": "x"}, "channel_not_found"),
            ({"channel": "U0CROSSLINK", "text": "x"}, "cannot_dm_bot"),
            ({"channel": "C0BAKERY"}, "no_text"),
            ({"text": "x"}, "invalid_arguments"),
            ({"channel": "C0BAKERY", "blocks": "{"}, "invalid_blocks_format"),
            ({"channel": "C0BAKERY", "attachments": [1]}, "invalid_attachments"),
            ({"channel": "C0BAKERY", "attachments": [{}] * 101}, "too_many_attachments"),
            ({"channel": "C0BAKERY", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
            ({"channel": "C0BAKERY", "text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ],
    )
    async def test_what_slack_refuses_is_refused(self, site, arguments, code):
        assert (await site.call("chat.postMessage", **arguments))["error"] == code

    async def test_bad_blocks_are_told_with_their_pointer(self, site):
        answer = await site.call("chat.postMessage", channel="C0BAKERY", blocks=[section("x" * 3001)])
        assert answer["error"] == "invalid_blocks"
        assert answer["errors"][-1] == "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
        assert answer["response_metadata"]["messages"][-1] == f"[ERROR] {answer['errors'][-1]}"

    async def test_legal_blocks_can_be_too_long_together(self, site):
        blocks = [section("x" * 2900) for _ in range(5)]
        assert (await site.call("chat.postMessage", channel="C0BAKERY", blocks=blocks))["error"] == (
            "msg_blocks_too_long"
        )
        await site.control("switches/slack", message_ceiling="off")
        assert (await site.call("chat.postMessage", channel="C0BAKERY", blocks=blocks))["ok"]

    async def test_blocks_in_attachments_are_checked_too(self, site):
        attachments = [{"blocks": [{"type": "banner"}]}]
        answer = await site.call("chat.postMessage", channel="C0BAKERY", attachments=attachments)
        assert answer["response_metadata"]["messages"] == [
            "[ERROR] unsupported type: banner [json-pointer:/attachments/0/blocks/0/type]"
        ]

    async def test_metadata_travels_with_the_message(self, site):
        metadata = {"event_type": "link", "event_payload": {"id": "7"}}
        told = await site.client.chat_postMessage(channel="C0BAKERY", text="x", metadata=metadata)
        assert told["message"]["metadata"] == metadata

    async def test_a_long_text_is_cut(self, site):
        told = await site.client.chat_postMessage(channel="C0BAKERY", text="x" * 40_001)
        assert len(told["message"]["text"]) == 40_000

    async def test_an_archived_channel_takes_nothing(self, site):
        await site.control("slack/channels/nordlicht-bakery", archived=True)
        assert await code_of(site.client.chat_postMessage(channel="C0BAKERY", text="x")) == "is_archived"

    async def test_a_bot_put_out_of_the_channel_writes_nothing(self, site):
        await site.control("slack/channels/C0BAKERY", bot_in=False)
        assert await code_of(site.client.chat_postMessage(channel="C0BAKERY", text="x")) == "not_in_channel"
        await site.control("slack/channels/C0BAKERY", private=True)
        assert (
            await code_of(site.client.chat_postMessage(channel="C0BAKERY", text="x")) == "channel_not_found"
        )

    async def test_a_persons_id_is_their_direct_message(self, site):
        told = await site.client.chat_postMessage(channel="U0MANAGER", text="psst")
        assert told["channel"] == "D0MANAGER"
        assert [one["text"] for one in await site.messages("D0MANAGER", "manager")] == ["psst"]

    async def test_an_update_changes_text_and_marks_it(self, site):
        ts = (await site.client.chat_postMessage(channel="C0BAKERY", text="a", blocks=[section()]))["ts"]
        told = await site.client.chat_update(channel="C0BAKERY", ts=ts, text="b")
        assert told["message"]["edited"]["user"] == "U0CROSSLINK"
        assert told["message"]["blocks"]
        told = await site.client.chat_update(channel="C0BAKERY", ts=ts, text="b", blocks=[])
        assert told["message"]["blocks"] == []

    async def test_an_update_has_its_own_refusals(self, site):
        ts = (await site.client.chat_postMessage(channel="C0BAKERY", text="a"))["ts"]
        written = (await site.people("message", "requester", channel="C0BAKERY", text="mine"))["ts"]
        update = site.client.chat_update
        assert await code_of(update(channel="C0BAKERY", ts="1.000001", text="b")) == "message_not_found"
        assert await code_of(update(channel="C0BAKERY", ts=written, text="b")) == "cant_update_message"
        assert await code_of(update(channel="C0BAKERY", ts=ts, text="b" * 4001)) == "msg_too_long"
        assert await code_of(site.client.chat_delete(channel="C0BAKERY", ts=written)) == "cant_delete_message"

    async def test_a_deleted_message_is_gone(self, site):
        ts = (await site.client.chat_postMessage(channel="C0BAKERY", text="a"))["ts"]
        await site.client.chat_delete(channel="C0BAKERY", ts=ts)
        assert await site.messages() == []
        assert await code_of(site.client.chat_delete(channel="C0BAKERY", ts=ts)) == "message_not_found"

    async def test_an_ephemeral_message_is_for_one_person_and_has_no_history(self, site):
        told = await site.client.chat_postEphemeral(channel="C0BAKERY", user="U0MANAGER", text="psst")
        ts = told["message_ts"]
        assert [one["is_ephemeral"] for one in await site.messages(user="manager")] == [True]
        assert await site.messages(user="requester") == []
        assert (
            await code_of(site.client.chat_update(channel="C0BAKERY", ts=ts, text="b")) == "message_not_found"
        )
        link = site.client.chat_getPermalink(channel="C0BAKERY", message_ts=ts)
        assert await code_of(link) == "message_not_found"
        await site.people("reload", "manager")
        assert await site.messages(user="manager") == []

    async def test_an_ephemeral_message_may_be_answered_for_and_never_seen(self, site):
        await site.control("switches/slack", ephemerals="lost")
        told = await site.client.chat_postEphemeral(channel="C0BAKERY", user="U0MANAGER", text="x")
        assert told["message_ts"]
        assert await site.messages(user="manager") == []
        await site.client.chat_postMessage(channel="C0BAKERY", text="for all")
        assert len(await site.messages(user="manager")) == 1

    async def test_an_ephemeral_message_needs_somebody_there(self, site):
        ephemeral = site.client.chat_postEphemeral
        assert (
            await code_of(ephemeral(channel="C0BAKERY", user="U0OUTSIDER", text="x")) == "user_not_in_channel"
        )
        assert await code_of(ephemeral(channel="C0BAKERY", user="U0NOBODY", text="x")) == "user_not_found"

    async def test_a_permalink_holds_the_time_stamp(self, site):
        ts = (await site.client.chat_postMessage(channel="C0BAKERY", text="a"))["ts"]
        link = (await site.client.chat_getPermalink(channel="C0BAKERY", message_ts=ts))["permalink"]
        assert link == f"https://agency.slack.com/archives/C0BAKERY/p{ts.replace('.', '')}"

    async def test_replies_count_on_their_parent(self, site):
        ts = (await site.client.chat_postMessage(channel="C0BAKERY", text="a"))["ts"]
        await site.client.chat_postMessage(channel="C0BAKERY", text="b", thread_ts=ts, reply_broadcast=True)
        parent, reply = await site.messages()
        assert (parent["reply_count"], reply["thread_ts"]) == (1, ts)
        assert reply["subtype"] == "thread_broadcast"
