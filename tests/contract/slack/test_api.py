"""The emulated Web API answers Slack's own SDK as Slack does: tokens, scopes, rates, people, files."""

import pytest

from sandbox.slack.app import BOT_SCOPES
from tests.contract.sandbox_slack import code_of, upload_form


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
    assert {"chat:write", "commands"} < set(BOT_SCOPES)
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
