"""Modals and the home over the emulated Web API."""

from tests.contract.sandbox_slack import actions, button, code_of, modal, section


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
