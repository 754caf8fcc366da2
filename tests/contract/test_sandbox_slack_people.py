"""What people do in the emulated Slack reaches the bot as Slack sends it, and its answers reach the people."""

import asyncio

import pytest
import pytest_asyncio
from aiohttp import web

from tests.contract.sandbox_slack import (
    actions,
    button,
    field_of,
    modal,
    section,
    slack,
    until,
    upload_form,
)


@pytest_asyncio.fixture
async def site():
    async with slack() as running:
        yield running


def words(text):
    return {"type": "plain_text", "text": text}


def choice(value):
    return {"text": words(value.title()), "value": value}


async def post(site, *blocks, channel="C0BAKERY", **more):
    told = await site.client.chat_postMessage(channel=channel, text="card", blocks=list(blocks), **more)
    return {"channel": channel, "ts": told["ts"]}


async def opened(site, *blocks, **more):
    """A modal on the requester's screen."""
    await site.slash("x")
    view = modal(*blocks, **more)
    return (await site.client.views_open(trigger_id=site.bot.last["trigger_id"], view=view))["view"]["id"]


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

    async def test_after_three_seconds_the_operation_has_timed_out(self, site):
        async def answer(_payload):
            await asyncio.sleep(3.3)

        site.bot.answers["command"] = answer
        told = await site.slash("help")
        assert (told["status"], told["error"]) == (0, "operation_timeout")
        assert 2900 < told["ack_ms"] < 3300
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


class TestClicks:
    async def test_a_button_sends_what_slack_sends(self, site):
        where = await post(site, section(), actions(button(value="7", style="primary"), block_id="acts"))
        told = await site.people("click", "requester", **where, action_id="go")
        assert told["status"] == 200
        heard = site.bot.last
        assert heard["type"] == "block_actions"
        assert heard["user"] == {
            "id": "U0REQUESTER",
            "username": "requester",
            "name": "requester",
            "team_id": "T0AGENCY",
        }
        assert heard["container"] == {
            "type": "message",
            "message_ts": where["ts"],
            "channel_id": "C0BAKERY",
            "is_ephemeral": False,
        }
        assert heard["team"] == {"id": "T0AGENCY", "domain": "agency"}
        assert heard["channel"] == {"id": "C0BAKERY", "name": "nordlicht-bakery"}
        assert heard["message"]["blocks"][1]["block_id"] == "acts"
        action = heard["actions"][0]
        assert (action["block_id"], action["value"], action["style"]) == ("acts", "7", "primary")
        assert heard["response_url"].startswith(site.world.base_url)
        assert heard["state"] == {"values": {}}
        assert (heard["enterprise"], heard["is_enterprise_install"]) == (None, False)

    async def test_an_outsider_clicks_as_somebody_of_their_own_team(self, site):
        where = await post(site, actions(button()), channel="C0VELO")
        await site.people("click", "outsider", **where, action_id="go")
        heard = site.bot.last
        assert (heard["user"]["team_id"], heard["team"]["id"]) == ("T0OUTSIDE", "T0AGENCY")

    async def test_a_url_button_answers_its_url_and_still_asks_the_bot(self, site):
        where = await post(site, actions(button(url="https://a.example/x")))
        told = await site.people("click", "requester", **where, action_id="go")
        assert (told["url"], site.bot.last["type"]) == ("https://a.example/x", "block_actions")

    async def test_what_a_person_does_not_see_cannot_be_clicked(self, site):
        told = await site.client.chat_postEphemeral(
            channel="C0BAKERY", user="U0MANAGER", text="x", blocks=[actions(button())]
        )
        where = {"channel": "C0BAKERY", "ts": told["message_ts"], "action_id": "go"}
        assert (await site.people("click", "requester", **where))["http"] == 400
        assert (await site.people("click", "outsider", **where))["http"] == 400
        assert (await site.people("click", "manager", **where))["status"] == 200
        assert site.bot.last["container"]["is_ephemeral"]
        assert "message" not in site.bot.last

    async def test_a_button_for_some_is_hidden_from_others(self, site):
        where = await post(site, actions(button(visible_to_user_ids=["U0MANAGER"])))
        assert (await site.people("click", "requester", **where, action_id="go"))["http"] == 400
        assert (await site.people("click", "manager", **where, action_id="go"))["status"] == 200

    async def test_an_unknown_action_lists_what_is_there(self, site):
        where = await post(site, actions(button("one"), button("two")))
        told = await site.people("click", "requester", **where, action_id="three")
        assert "one, two" in told["error"]

    @pytest.mark.parametrize(
        ("element", "given", "part"),
        [
            ({"type": "static_select", "options": [choice("a")]}, "a", {"selected_option": choice("a")}),
            ({"type": "overflow", "options": [choice("a")]}, "A", {"selected_option": choice("a")}),
            ({"type": "checkboxes", "options": [choice("a")]}, ["a"], {"selected_options": [choice("a")]}),
            ({"type": "radio_buttons", "options": [choice("a")]}, "a", {"selected_option": choice("a")}),
            ({"type": "users_select"}, "manager", {"selected_user": "U0MANAGER"}),
            ({"type": "multi_users_select"}, ["manager"], {"selected_users": ["U0MANAGER"]}),
            ({"type": "channels_select"}, "#velo-werk", {"selected_channel": "C0VELO"}),
            ({"type": "multi_conversations_select"}, "general", {"selected_conversations": ["C0GENERAL"]}),
            ({"type": "datepicker"}, "2026-12-24", {"selected_date": "2026-12-24"}),
            (
                {"type": "timepicker", "timezone": "UTC"},
                "10:30",
                {"selected_time": "10:30", "timezone": "UTC"},
            ),
            ({"type": "datetimepicker"}, 1795246573, {"selected_date_time": 1795246573}),
        ],
    )
    async def test_every_chooser_has_its_shape(self, site, element, given, part):
        where = await post(site, actions({**element, "action_id": "pick"}, block_id="b"))
        told = await site.people("click", "requester", **where, action_id="pick", selected=given)
        assert told["status"] == 200
        action = site.bot.last["actions"][0]
        assert bare(part) == bare({name: action[name] for name in part})
        if element["type"] != "overflow":
            assert bare(site.bot.last["state"]["values"]["b"]["pick"]) == bare(
                {"type": element["type"], **part}
            )

    async def test_small_buttons_send_their_words(self, site):
        feedback = {
            "type": "feedback_buttons",
            "action_id": "vote",
            "positive_button": {"text": words("Good"), "value": "up"},
            "negative_button": {"text": words("Bad"), "value": "down"},
        }
        icon = {
            "type": "icon_button",
            "action_id": "bin",
            "icon": "trash",
            "text": words("Remove"),
            "value": "7",
        }
        where = await post(site, {"type": "context_actions", "elements": [feedback, icon]})
        await site.people("click", "requester", **where, action_id="vote", selected="negative")
        assert site.bot.last["actions"][0]["value"] == "down"
        await site.people("click", "requester", **where, action_id="bin")
        assert site.bot.last["actions"][0]["value"] == "7"

    async def test_buttons_in_an_attachment_can_be_pressed(self, site):
        attachments = [{"color": "#f00", "blocks": [actions(button(value="7"))]}]
        told = await site.client.chat_postMessage(channel="C0BAKERY", text="x", attachments=attachments)
        await site.people("click", "requester", channel="C0BAKERY", ts=told["ts"], action_id="go")
        assert site.bot.last["actions"][0]["value"] == "7"

    async def test_the_state_holds_what_was_chosen_before(self, site):
        select = {"type": "static_select", "action_id": "pick", "options": [choice("a"), choice("b")]}
        where = await post(site, actions(select, button(), block_id="b"))
        await site.people("click", "requester", **where, action_id="pick", value="b")
        await site.people("click", "requester", **where, action_id="go")
        chosen = site.bot.last["state"]["values"]["b"]["pick"]["selected_option"]
        assert chosen["value"] == "b"
        await site.people("click", "manager", **where, action_id="go")
        assert site.bot.last["state"]["values"]["b"]["pick"]["selected_option"] is None

    async def test_options_from_outside_are_asked_for_and_checked(self, site):
        select = {"type": "external_select", "action_id": "pick", "min_query_length": 2}
        where = await post(site, actions(select, block_id="b"))
        site.bot.answers["block_suggestion"] = {"options": [choice("berlin")]}
        told = await site.people("options", "requester", **where, action_id="pick", value="be")
        assert (site.bot.last["value"], told["options"]) == ("be", [choice("berlin")])
        assert (await site.people("options", "requester", **where, action_id="pick", value="b"))[
            "options"
        ] == []
        site.bot.answers["block_suggestion"] = {"options": [choice("x" * 80)]}
        told = await site.people("options", "requester", **where, action_id="pick", value="be")
        assert told["error"] == "invalid_options"

    async def test_a_failing_bot_leaves_the_person_with_an_error(self, site):
        async def answer(_payload):
            return web.Response(status=404)

        site.bot.answers["block_actions"] = answer
        where = await post(site, actions(button()))
        told = await site.people("click", "requester", **where, action_id="go")
        assert (told["status"], told["error"]) == (404, "dispatch_failed")


def bare(value):
    """Without the defaults that Slack fills in."""
    if isinstance(value, list):
        return [bare(one) for one in value]
    if isinstance(value, dict):
        return {name: bare(one) for name, one in value.items() if name not in {"emoji", "verbatim"}}
    return value


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


def name_field(**more):
    return field_of("name", {"type": "plain_text_input", "action_id": "a", **more})


class TestModals:
    async def test_plain_values_get_slacks_shape(self, site):
        managers = field_of("managers", {"type": "multi_users_select", "action_id": "m"})
        intent = field_of("intent", {"type": "radio_buttons", "action_id": "i", "options": [choice("both")]})
        view = await opened(site, name_field(), managers, intent, private_metadata="meta")
        values = {"name": "Velo", "managers": ["manager"], "intent": "both"}
        told = await site.people("submit", "requester", view_id=view, values=values)
        assert told["status"] == 200
        assert "errors" not in told
        heard = site.bot.last
        state = heard["view"]["state"]["values"]
        assert heard["type"] == "view_submission"
        assert heard["view"]["private_metadata"] == "meta"
        assert state["name"]["a"] == {"type": "plain_text_input", "value": "Velo"}
        assert state["managers"]["m"] == {"type": "multi_users_select", "selected_users": ["U0MANAGER"]}
        assert state["intent"]["i"]["selected_option"]["value"] == "both"
        assert await site.views() == []

    async def test_slacks_own_shape_is_taken_as_it_is(self, site):
        view = await opened(site, name_field())
        values = {"name": {"a": {"type": "plain_text_input", "value": "Velo"}}}
        await site.people("submit", "requester", view_id=view, values=values)
        assert site.bot.last["view"]["state"]["values"]["name"]["a"]["value"] == "Velo"

    @pytest.mark.parametrize(
        ("element", "value", "sentence"),
        [
            ({"type": "plain_text_input"}, None, "required"),
            ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
            ({"type": "plain_text_input", "max_length": 3}, "abcd", "3 characters"),
            ({"type": "email_text_input"}, "nobody", "valid email"),
            ({"type": "url_text_input"}, "a.example", "valid URL"),
            ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
            ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, "2.5", "at most 2"),
            ({"type": "multi_users_select", "max_selected_items": 1}, ["manager", "on-call"], "at most 1"),
            ({"type": "checkboxes", "options": [choice("a")]}, [], "required"),
        ],
    )
    async def test_slacks_client_refuses_by_itself(self, site, element, value, sentence):
        view = await opened(site, field_of("it", {**element, "action_id": "a"}))
        before = len(site.bot.heard)
        told = await site.people("submit", "requester", view_id=view, values={"it": value})
        assert sentence in told["errors"]["it"]
        assert told["asked"] is False
        assert len(site.bot.heard) == before
        assert len(await site.views()) == 1

    async def test_optional_fields_may_stay_empty(self, site):
        field = {**name_field(), "optional": True}
        view = await opened(site, field)
        told = await site.people("submit", "requester", view_id=view, values={})
        assert "errors" not in told
        assert site.bot.last["view"]["state"]["values"]["name"]["a"]["value"] is None

    async def test_errors_keep_the_form_open(self, site):
        view = await opened(site, name_field())
        site.bot.answers["view_submission"] = {"response_action": "errors", "errors": {"name": "Taken."}}
        told = await site.people("submit", "requester", view_id=view, values={"name": "x"})
        assert told["errors"] == {"name": "Taken."}
        assert len(await site.views()) == 1
        site.bot.answers["view_submission"] = {"response_action": "errors", "errors": {"other": "?"}}
        told = await site.people("submit", "requester", view_id=view, values={"name": "x"})
        assert (told["error"], told["shown"]) == (
            "invalid_response",
            "We had some trouble connecting. Try again?",
        )

    async def test_update_push_and_clear_change_the_stack(self, site):
        view = await opened(site, name_field())
        answers = site.bot.answers
        answers["view_submission"] = {"response_action": "push", "view": modal(name_field())}
        await site.people("submit", "requester", view_id=view, values={"name": "x"})
        first, second = await site.views()
        assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
        answers["view_submission"] = {"response_action": "update", "view": modal(section("done"))}
        await site.people("submit", "requester", view_id=second["id"], values={"name": "x"})
        assert (await site.views())[-1]["blocks"][0]["text"]["text"] == "done"
        answers["view_submission"] = {"response_action": "clear"}
        await site.people("submit", "requester", view_id=second["id"], values={})
        assert await site.views() == []

    async def test_a_bad_view_in_the_answer_is_trouble(self, site):
        view = await opened(site, name_field())
        site.bot.answers["view_submission"] = {"response_action": "update", "view": {"type": "modal"}}
        told = await site.people("submit", "requester", view_id=view, values={"name": "x"})
        assert told["error"] == "invalid_response"
        assert "missing required field: title [json-pointer:/view]" in told["problems"]

    async def test_only_the_topmost_of_ones_own_views_can_be_used(self, site):
        view = await opened(site, name_field())
        assert (await site.people("submit", "manager", view_id=view, values={}))["http"] == 400
        site.bot.answers["view_submission"] = {"response_action": "push", "view": modal(name_field())}
        await site.people("submit", "requester", view_id=view, values={"name": "x"})
        assert (await site.people("submit", "requester", view_id=view, values={"name": "x"}))["http"] == 400

    async def test_a_moment_must_be_one(self, site):
        view = await opened(site, field_of("at", {"type": "datetimepicker", "action_id": "a"}))
        told = await site.people("submit", "requester", view_id=view, values={"at": "tomorrow"})
        assert (told["http"], "no moment" in told["error"]) == (400, True)

    async def test_an_unknown_block_is_refused(self, site):
        view = await opened(site, name_field())
        told = await site.people("submit", "requester", view_id=view, values={"nam": "x"})
        assert "'nam'" in told["error"]

    async def test_closing_is_told_where_it_was_asked_for(self, site):
        view = await opened(site, name_field(), notify_on_close=True)
        await site.people("close", "requester", view_id=view)
        assert (site.bot.last["type"], site.bot.last["is_cleared"]) == ("view_closed", False)
        assert await site.views() == []

    async def test_a_click_in_a_modal_carries_the_view_and_what_was_typed(self, site):
        view = await opened(site, name_field(), actions(button(), block_id="acts"))
        values = {"name": "Velo"}
        await site.people("click", "requester", view_id=view, action_id="go", values=values)
        heard = site.bot.last
        assert heard["container"] == {"type": "view", "view_id": view}
        assert heard["view"]["state"]["values"]["name"]["a"]["value"] == "Velo"
        assert "response_url" not in heard
        await site.client.views_update(view_id=view, view=modal(name_field(), section("more")))
        assert (await site.views())[-1]["state"]["values"]["name"]["a"]["value"] == "Velo"

    async def test_an_input_asks_the_bot_only_when_it_dispatches(self, site):
        quiet = field_of("quiet", {"type": "users_select", "action_id": "a"})
        loud = field_of("loud", {"type": "users_select", "action_id": "b"}, dispatch_action=True)
        view = await opened(site, quiet, loud)
        before = len(site.bot.heard)
        assert not (await site.people("click", "requester", view_id=view, action_id="a", value="manager"))[
            "asked"
        ]
        assert len(site.bot.heard) == before
        await site.people("click", "requester", view_id=view, action_id="b", value="manager")
        assert site.bot.last["actions"][0]["selected_user"] == "U0MANAGER"
        assert site.bot.last["view"]["state"]["values"]["quiet"]["a"]["selected_user"] == "U0MANAGER"

    async def test_an_outsiders_modal_knows_both_teams(self, site):
        where = await post(site, actions(button()), channel="C0VELO")
        await site.people("click", "outsider", **where, action_id="go")
        view = await site.client.views_open(trigger_id=site.bot.last["trigger_id"], view=modal(name_field()))
        await site.people("submit", "outsider", view_id=view["view"]["id"], values={"name": "x"})
        heard = site.bot.last
        assert (heard["team"]["id"], heard["view"]["team_id"]) == ("T0OUTSIDE", "T0OUTSIDE")
        assert heard["view"]["app_installed_team_id"] == "T0AGENCY"

    async def test_a_chosen_conversation_can_be_answered(self, site):
        select = {"type": "conversations_select", "action_id": "a", "response_url_enabled": True}
        view = await opened(site, field_of("where", select))
        await site.people("submit", "requester", view_id=view, values={"where": "velo-werk"})
        (url,) = site.bot.last["response_urls"]
        async with site.http.post(
            url["response_url"], json={"text": "hi", "response_type": "in_channel"}
        ) as answer:
            assert answer.status == 200
        assert [one["text"] for one in await site.messages("velo-werk")] == ["hi"]


class TestTheRest:
    async def test_a_message_shortcut_carries_the_message(self, site):
        form = upload_form(user="requester", channel="velo-werk", file=b"moving pictures")
        async with site.http.post("/_sandbox/people/upload", data=form) as answer:
            told = await answer.json()
        await site.people(
            "shortcut", "manager", channel="velo-werk", ts=told["ts"], callback_id="preflight_video"
        )
        heard = site.bot.last
        assert (heard["type"], heard["callback_id"]) == ("message_action", "preflight_video")
        assert heard["message"]["files"][0]["mimetype"] == "video/mp4"
        assert heard["message_ts"] == told["ts"]
        told = await site.people(
            "shortcut", "manager", channel="velo-werk", ts=told["ts"], callback_id="other"
        )
        assert told["http"] == 400

    async def test_opening_the_home_tab_is_an_event(self, site):
        told = await site.people("home", "manager")
        assert (told["status"], told["view"]) == (200, None)
        heard = site.bot.last
        assert heard["type"] == "event_callback"
        assert heard["event"]["type"] == "app_home_opened"
        assert heard["event"]["tab"] == "home"
        assert heard["authorizations"][0]["user_id"] == "U0CROSSLINK"
        assert (await site.people("home", "outsider"))["http"] == 400

    async def test_the_event_carries_the_home_that_was_there(self, site):
        home = {"type": "home", "blocks": [section("one")]}
        await site.client.views_publish(user_id="U0MANAGER", view=home)
        told = await site.people("home", "manager")
        assert site.bot.last["event"]["view"]["id"] == told["view"]["id"]

    async def test_what_people_write_stays_their_own(self, site):
        told = await site.people(
            "message", "requester", channel="general", text="a < b @manager https://a.example"
        )
        (message,) = await site.messages("general")
        assert message["text"] == "a &lt; b <@U0MANAGER> <https://a.example>"
        assert (message["user"], message["ts"]) == ("U0REQUESTER", told["ts"])
        assert site.bot.heard == []

    async def test_a_person_downloads_a_file_in_their_browser(self, site):
        form = upload_form(user="requester", channel="general", file=b"moving pictures")
        async with site.http.post("/_sandbox/people/upload", data=form) as answer:
            assert answer.status == 200
        (file,) = await site.read("files")
        async with site.http.get(file["page_url"]) as answer:
            assert (answer.content_type, await answer.read()) == ("video/mp4", b"moving pictures")

    async def test_a_mention_is_an_event_for_an_app_that_may_read_it(self, site):
        await site.control(
            "slack/manifest", settings={"event_subscriptions": {"bot_events": ["app_mention"]}}
        )
        await site.people("message", "requester", channel="velo-werk", text="@crosslink hi")
        assert site.bot.heard == []
        await site.control("slack/install", team="T0AGENCY", scopes=["app_mentions:read"])
        await site.people("message", "requester", channel="velo-werk", text="@crosslink hi")
        await until(lambda: site.bot.heard)
        assert site.bot.last["event"]["text"] == "<@U0CROSSLINK> hi"
        assert site.bot.last["is_ext_shared_channel"]

    async def test_a_global_shortcut_has_no_message(self, site):
        shortcut = {"name": "Set up", "type": "global", "callback_id": "setup"}
        await site.control("slack/manifest", features={"shortcuts": [shortcut]})
        assert (await site.people("shortcut", "requester", callback_id="setup"))["status"] == 200
        assert (site.bot.last["type"], "channel" in site.bot.last) == ("shortcut", False)

    async def test_an_archived_channel_is_silent(self, site):
        await site.control("slack/channels/velo-werk", archived=True)
        assert (await site.slash("x", channel="velo-werk"))["http"] == 400
        assert (await site.people("message", "manager", channel="velo-werk", text="x"))["http"] == 400

    async def test_a_file_input_takes_an_upload_without_a_channel(self, site):
        view = await opened(site, field_of("video", {"type": "file_input", "action_id": "f"}))
        form = upload_form(user="requester", file=b"x")
        async with site.http.post("/_sandbox/people/upload", data=form) as answer:
            file = (await answer.json())["file"]["id"]
        await site.people("submit", "requester", view_id=view, values={"video": [file]})
        state = site.bot.last["view"]["state"]["values"]["video"]["f"]
        assert [one["id"] for one in state["files"]] == [file]

    async def test_the_workspace_is_what_a_person_sees(self, site):
        mine = await site.read("workspace", user="requester")
        theirs = await site.read("workspace", user="outsider")
        assert {one["name"] for one in mine["channels"] if one["kind"] == "channel"} == {
            "general",
            "nordlicht-bakery",
            "velo-werk",
            "on-call",
        }
        assert [one["name"] for one in theirs["channels"]] == ["velo-werk"]
        assert (mine["app"]["dm"], theirs["app"]) == ("D0REQUESTER", None)
        assert mine["commands"][0]["command"] == "/crosslink"
        assert theirs["commands"] == []

    async def test_unread_marks_go_when_one_reads(self, site):
        await post(site, section())
        channels = (await site.read("workspace", user="manager"))["channels"]
        assert {one["name"]: one["unread"] for one in channels}["nordlicht-bakery"] == 1
        await site.messages(user="manager")
        channels = (await site.read("workspace", user="manager"))["channels"]
        assert {one["name"]: one["unread"] for one in channels}["nordlicht-bakery"] == 0

    async def test_news_is_streamed_a_line_per_change(self, site):
        async with site.http.get("/_sandbox/events") as stream:
            assert await stream.content.readline() == b"retry: 1000\n"
            await post(site, section())
            await stream.content.readuntil(b"data: ")
            assert await stream.content.readline() == b'{"kind":"message","channel":"C0BAKERY"}\n'

    async def test_the_page_is_served_without_being_kept(self, site):
        async with site.http.get("/") as answer:
            assert (answer.content_type, answer.headers["Cache-Control"]) == ("text/html", "no-cache")
        async with site.http.get("/_sandbox/page/../emulator.py") as answer:
            assert answer.status == 404
        async with site.http.get("/_sandbox/page/%2e%2e%2femulator.py") as answer:
            assert answer.status == 404
