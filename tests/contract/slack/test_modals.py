"""What people fill in in the emulated Slack reaches the bot as Slack sends it."""

import pytest

from tests.contract.sandbox_slack import (
    actions,
    button,
    choice,
    field_of,
    modal,
    name_field,
    opened,
    post,
    section,
)


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
