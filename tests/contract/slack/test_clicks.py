"""What people press in the emulated Slack's messages reaches the bot as Slack sends it."""

import pytest
from aiohttp import web

from tests.contract.sandbox_slack import (
    actions,
    button,
    choice,
    post,
    section,
    words,
)


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
