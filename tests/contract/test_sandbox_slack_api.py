"""The emulated Web API answers Slack's own SDK as Slack does."""

import pytest
import pytest_asyncio

from sandbox.slack.app import BOT_SCOPES
from tests.contract.sandbox_slack import actions, button, code_of, modal, section, slack, upload_form


@pytest_asyncio.fixture
async def site():
    async with slack() as running:
        yield running


async def test_the_token_says_who_calls(site):
    told = await site.client.auth_test()
    assert (told["team_id"], told["user_id"], told["bot_id"]) == ("T0AGENCY", "U0CROSSLINK", "B0CROSSLINK")
    assert "chat:write" in told.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(site, token, code):
    token = site.emulator.app_token if token == "xapp" else token
    assert await code_of(site.with_token(token).auth_test()) == code


async def test_the_app_starts_with_what_its_manifest_asks_for(site):
    assert BOT_SCOPES == ("chat:write", "commands", "files:read", "usergroups:read", "users:read")
    await site.control("slack/install", team="T0AGENCY")
    assert (await site.call("team.info"))["error"] == "missing_scope"


async def test_a_missing_scope_names_what_is_needed(site):
    await site.control("slack/install", team="T0AGENCY", scopes=["commands"])
    answer = await site.call("chat.postMessage", channel="C0BAKERY", text="x")
    assert answer == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "commands"}


async def test_an_unknown_method_is_refused(site):
    assert await code_of(site.client.api_call("chat.shout")) == "unknown_method"


async def test_a_token_in_a_json_body_counts_for_nothing(site):
    body = {"token": site.emulator.bot_token}
    async with site.http.post("/slack.com/api/auth.test", json=body) as answer:
        assert (await answer.json())["error"] == "not_authed"
    async with site.http.post("/slack.com/api/auth.test", data=body) as answer:
        assert (await answer.json())["ok"]


@pytest.mark.parametrize(("body", "code"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_a_broken_body_is_refused(site, body, code):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {site.emulator.bot_token}"}
    async with site.http.post("/slack.com/api/chat.postMessage", data=body, headers=headers) as answer:
        assert (await answer.json())["error"] == code


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


class TestRates:
    async def test_posting_faster_than_a_message_a_second_is_throttled(self, site):
        await site.control("switches/slack", rates="strict")
        await site.client.chat_postMessage(channel="C0BAKERY", text="1")
        headers = {"Authorization": f"Bearer {site.emulator.bot_token}"}
        body = {"channel": "C0BAKERY", "text": "2"}
        async with site.http.post("/slack.com/api/chat.postMessage", json=body, headers=headers) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
            assert await answer.json() == {"ok": False, "error": "ratelimited"}
        await site.control("clock/advance", seconds=1)
        assert (await site.call("chat.postMessage", **body))["ok"]

    async def test_another_channel_has_its_own_bucket(self, site):
        await site.control("switches/slack", rates="strict")
        for channel in ("C0BAKERY", "C0VELO", "C0ALERTS"):
            assert (await site.call("chat.postMessage", channel=channel, text="1"))["ok"]

    async def test_a_short_burst_passes_when_lenient(self, site):
        said = [await site.call("chat.postMessage", channel="C0BAKERY", text=str(n)) for n in range(7)]
        assert [one["ok"] for one in said].count(True) in {5, 6}

    async def test_a_method_has_its_tier(self, site):
        said = [await site.call("conversations.list") for _ in range(21)]
        assert [one["ok"] for one in said] == [True] * 20 + [False]
        await site.control("clock/advance", seconds=60)
        assert (await site.call("conversations.list"))["ok"]


class TestConversationsAndPeople:
    async def test_a_shared_channel_says_so(self, site):
        channel = (await site.client.conversations_info(channel="C0VELO"))["channel"]
        assert channel["is_ext_shared"]
        assert channel["is_member"]

    async def test_lists_come_in_pages(self, site):
        first = await site.client.conversations_list(limit=3)
        rest = await site.client.conversations_list(limit=3, cursor=first["response_metadata"]["next_cursor"])
        assert len(first["channels"]) + len(rest["channels"]) == 4
        assert rest["response_metadata"]["next_cursor"] == ""

    async def test_members_hold_the_outsider_and_the_bot(self, site):
        members = (await site.client.conversations_members(channel="C0VELO"))["members"]
        assert {"U0OUTSIDER", "U0CROSSLINK"} <= set(members)

    async def test_opening_a_direct_message_needs_a_colleague(self, site):
        opened = await site.client.conversations_open(users="U0ONCALL")
        assert opened["channel"]["id"] == "D0ONCALL"
        assert await code_of(site.client.conversations_open(users="U0OUTSIDER")) == "channel_not_found"
        assert await code_of(site.client.conversations_open(users="U0NOBODY")) == "user_not_found"

    async def test_joining_needs_a_scope_that_the_app_has_not(self, site):
        assert await code_of(site.client.conversations_join(channel="C0GENERAL")) == "missing_scope"

    async def test_joining_makes_a_member(self, site):
        await site.control("slack/install", team="T0AGENCY", scopes=["channels:join", "chat:write"])
        assert (await site.client.conversations_join(channel="C0GENERAL"))["channel"]["is_member"]
        assert (await site.call("chat.postMessage", channel="#general", text="x"))["ok"]
        await site.control("slack/channels/velo-werk", archived=True)
        assert await code_of(site.client.conversations_join(channel="C0VELO")) == "is_archived"

    async def test_a_person_is_shown_without_their_address(self, site):
        person = (await site.client.users_info(user="U0MANAGER"))["user"]
        assert person["is_admin"]
        assert person["tz"] == "Europe/Berlin"
        assert "email" not in person["profile"]
        assert await code_of(site.client.users_info(user="U0NOBODY")) == "user_not_found"

    async def test_groups_name_their_people(self, site):
        groups = (await site.client.usergroups_list(include_users=True))["usergroups"]
        assert [(one["handle"], one["users"]) for one in groups] == [("on-call-team", ["U0ONCALL"])]
        assert (await site.client.usergroups_users_list(usergroup="S0ONCALL"))["users"] == ["U0ONCALL"]
        assert (await site.client.team_info())["team"]["domain"] == "agency"
        assert len((await site.client.users_list())["members"]) == 5


class TestViews:
    async def trigger(self, site):
        await site.slash("x")
        return site.bot.last["trigger_id"]

    async def test_a_modal_opens_once_per_trigger(self, site):
        trigger = await self.trigger(site)
        told = await site.client.views_open(trigger_id=trigger, view=modal())
        assert (await site.views())[-1]["id"] == told["view"]["id"]
        assert told["view"]["app_installed_team_id"] == "T0AGENCY"
        assert (
            await code_of(site.client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"
        )

    async def test_a_trigger_lives_three_seconds(self, site):
        trigger = await self.trigger(site)
        await site.control("clock/advance", seconds=3.1)
        assert await code_of(site.client.views_open(trigger_id=trigger, view=modal())) == "expired_trigger_id"

    async def test_a_bad_view_burns_no_trigger(self, site):
        trigger = await self.trigger(site)
        bad = modal(title={"type": "plain_text", "text": "x" * 25})
        answer = await site.call("views.open", trigger_id=trigger, view=bad)
        assert answer["error"] == "invalid_arguments"
        assert answer["response_metadata"]["messages"] == [
            "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
            "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
        ]
        assert (await site.call("views.open", trigger_id=trigger, view=modal()))["ok"]

    async def test_an_old_hash_loses(self, site):
        view = (await site.client.views_open(trigger_id=await self.trigger(site), view=modal()))["view"]
        new = await site.client.views_update(
            view_id=view["id"], hash=view["hash"], view=modal(section("new"))
        )
        assert new["view"]["hash"] != view["hash"]
        again = site.client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
        assert await code_of(again) == "hash_conflict"

    async def test_only_three_views_lie_on_each_other(self, site):
        blocks = [actions(button())]
        await site.client.views_open(trigger_id=await self.trigger(site), view=modal(*blocks))
        codes = []
        for _ in range(3):
            top = (await site.views())[-1]["id"]
            await site.people("click", "requester", view_id=top, action_id="go")
            push = site.client.views_push(trigger_id=site.bot.last["trigger_id"], view=modal(*blocks))
            codes.append(await code_of(push))
        assert codes == ["", "", "push_limit_reached"]

    async def test_an_external_id_is_used_once(self, site):
        await site.client.views_open(trigger_id=await self.trigger(site), view=modal(external_id="one"))
        again = site.client.views_open(trigger_id=await self.trigger(site), view=modal(external_id="one"))
        assert await code_of(again) == "duplicate_external_id"
        assert (await site.client.views_update(external_id="one", view=modal()))["ok"]

    async def test_a_view_that_is_closed_is_not_found(self, site):
        view = (await site.client.views_open(trigger_id=await self.trigger(site), view=modal()))["view"]
        await site.people("close", "requester", view_id=view["id"])
        assert await code_of(site.client.views_update(view_id=view["id"], view=modal())) == "not_found"

    async def test_a_home_is_published_and_changed(self, site):
        home = {"type": "home", "blocks": [section("one")]}
        first = (await site.client.views_publish(user_id="U0MANAGER", view=home))["view"]
        second = await site.client.views_publish(user_id="U0MANAGER", hash=first["hash"], view=home)
        assert second["view"]["id"] == first["id"]
        lost = site.client.views_publish(user_id="U0MANAGER", hash=first["hash"], view=home)
        assert await code_of(lost) == "hash_conflict"
        assert (await site.read("workspace", user="manager"))["home"]["id"] == first["id"]

    async def test_a_home_is_for_colleagues_only(self, site):
        home = {"type": "home", "blocks": [section("one")]}
        assert await code_of(site.client.views_publish(user_id="U0OUTSIDER", view=home)) == "user_not_found"
        assert (
            await code_of(site.client.views_publish(user_id="U0MANAGER", view=modal())) == "invalid_arguments"
        )

    async def test_the_conversation_that_one_came_from_can_be_chosen_already(self, site):
        select = {"type": "conversations_select", "action_id": "a", "default_to_current_conversation": True}
        field = {"type": "input", "label": {"type": "plain_text", "text": "Channel"}, "element": select}
        told = await site.client.views_open(trigger_id=await self.trigger(site), view=modal(field))
        assert told["view"]["blocks"][0]["element"]["initial_conversation"] == "C0BAKERY"


class TestFiles:
    async def test_a_file_goes_up_in_three_steps_and_down_with_the_token(self, site):
        told = await site.client.files_upload_v2(
            content=b"moving pictures", filename="a.mp4", channel="C0BAKERY"
        )
        shape = (await site.client.files_info(file=told["file"]["id"]))["file"]
        assert (shape["size"], shape["mimetype"]) == (15, "video/mp4")
        headers = {"Authorization": f"Bearer {site.emulator.bot_token}"}
        for url in (shape["url_private"], shape["url_private_download"]):
            async with site.http.get(url, headers=headers) as answer:
                assert await answer.read() == b"moving pictures"

    async def test_without_the_token_there_is_a_login_page_with_200(self, site):
        told = await site.client.files_upload_v2(content=b"x", filename="a.mp4", channel="C0BAKERY")
        async with site.http.get(told["file"]["url_private"]) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")

    async def test_a_file_in_a_channel_without_the_bot_is_out_of_reach(self, site):
        form = upload_form(user="requester", channel="general", file=b"x")
        async with site.http.post("/_sandbox/people/upload", data=form) as answer:
            file = (await answer.json())["file"]
        assert await code_of(site.client.files_info(file=file["id"])) == "file_not_found"
        headers = {"Authorization": f"Bearer {site.emulator.bot_token}"}
        async with site.http.get(file["url_private"], headers=headers) as answer:
            assert answer.content_type == "text/html"

    async def test_an_upload_address_works_once_and_for_the_promised_length(self, site):
        promised = await site.call("files.getUploadURLExternal", filename="a.txt", length=3)
        async with site.http.post(promised["upload_url"], data=b"four") as answer:
            assert answer.status == 400
        async with site.http.post(promised["upload_url"], data=b"abc") as answer:
            assert answer.status == 404
        done = await site.call("files.completeUploadExternal", files=[{"id": promised["file_id"]}])
        assert done["error"] == "file_not_found"


async def test_blocks_are_validated_without_a_token(site):
    async with site.http.post("/slack.com/api/blocks.validate", json={"blocks": [{"type": "no"}]}) as answer:
        assert (await answer.json())["errors"] == ["unsupported type: no [json-pointer:/blocks/0/type]"]


async def test_faults_answer_in_slacks_words(site):
    await site.control("faults", where="slack.chat", what="refuse", code="fatal_error")
    assert await code_of(site.client.chat_postMessage(channel="C0BAKERY", text="x")) == "fatal_error"
    await site.control("faults", where="slack.chat", what="throttle")
    assert await code_of(site.client.chat_postMessage(channel="C0BAKERY", text="x")) == "ratelimited"
    await site.control("faults", where="slack", what="refuse", code="http_503")
    async with site.http.post("/slack.com/api/auth.test") as answer:
        assert answer.status == 503


async def test_no_token_reaches_the_journal(site):
    await site.client.chat_postMessage(channel="C0BAKERY", text="x")
    promised = await site.call("files.getUploadURLExternal", filename="a.txt", length=1)
    async with site.http.post(promised["upload_url"], data=b"x") as answer:
        assert answer.status == 200
    journal = str(await site.read("journal"))
    assert "slack.files.upload" in journal
    assert [secret for secret in await site.read("minted") if secret in journal] == []
