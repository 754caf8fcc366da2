"""How the Instagram adapter proves a link, and sees what its profile shows, from answers as captured or documented."""

import json
from datetime import timedelta

import pytest

from core.domain.account import Platform as On
from core.domain.errors import (
    AccountHeld,
    AccountUnfit,
    Final,
    GrantLost,
    Passing,
    PlatformDown,
    ScopeMissing,
    Throttled,
    Unreachable,
)
from core.domain.observation import Credential, Grant, Observation, Standing, Visible
from tests.builders import NOW, an_account
from tests.fakes import FrozenClock
from tests.unit.providers.scripted import (
    BOTH,
    IDENTIFY,
    Platform,
    graph_error,
    instagram,
    instagram_credentials,
)

ME = {
    "id": "9000000000000001",
    "user_id": "17841400000000001",
    "username": "nordlicht.bakery",
    "name": "Nordlicht Bakery",
    "account_type": "BUSINESS",
}
LIMIT = {"data": [{"quota_usage": 2, "config": {"quota_total": 100, "quota_duration": 86_400}}]}


async def prove(*answers, needs=BOTH, clock=None):
    return await instagram(Platform(*answers), clock=clock).prove(instagram_credentials(), needs=needs)


class TestProof:
    @pytest.mark.parametrize("me", [ME, {"data": [ME]}, ME | {"user_id": 17841400000000001}])
    async def test_identity_in_both_shapes_keeps_both_ids(self, me):
        proof = await prove((200, me), (200, LIMIT))
        assert (proof.account.id, proof.account.handle) == ("17841400000000001", "nordlicht.bakery")
        assert proof.account.known_as() == {"17841400000000001", "9000000000000001"}
        assert proof.granted == BOTH

    async def test_tokens_travel_in_the_header_to_the_versioned_address(self):
        platform = Platform((200, ME), (200, LIMIT))
        await instagram(platform).prove(instagram_credentials(), needs=BOTH)
        assert [each.url.path for each in platform.asked] == [
            "/v25.0/me",
            "/v25.0/17841400000000001/content_publishing_limit",
        ]
        assert {each.headers["Authorization"] for each in platform.asked} == {"Bearer IGAA-held-access"}

    @pytest.mark.parametrize("shape", [LIMIT, LIMIT["data"][0]])
    async def test_the_quota_is_read_and_not_assumed(self, shape):
        proof = await prove((200, ME), (200, shape))
        assert proof.account.details == {
            "account_type": "business",
            "quota_total": "100",
            "quota_left": "98",
        }

    async def test_a_profile_link_asks_nothing_about_posting(self):
        assert (await prove((200, ME), needs=IDENTIFY)).granted == IDENTIFY

    @pytest.mark.parametrize("kind", ["Business", "MEDIA_CREATOR", "Media_Creator", "SOMETHING_NEW", ""])
    async def test_kinds_are_compared_whatever_their_case(self, kind):
        assert (await prove((200, ME | {"account_type": kind}), (200, LIMIT))).granted == BOTH

    @pytest.mark.parametrize("kind", ["PERSONAL", "Personal"])
    async def test_a_personal_account_is_unfit(self, kind):
        with pytest.raises(AccountUnfit, match="personal_account") as caught:
            await prove((200, ME | {"account_type": kind}))
        assert caught.value.observation.grant is Grant.NARROWED

    async def test_an_endpoint_that_is_not_there_means_unfit_and_proves_nothing(self):
        unfit = graph_error(100, kind="IGApiException")
        with pytest.raises(AccountUnfit) as caught:
            await prove(unfit, unfit)
        assert not caught.value.observation

    async def test_the_other_id_is_tried_where_the_first_names_nothing(self):
        platform = Platform((200, ME), graph_error(100, 33), (200, LIMIT))
        proof = await instagram(platform).prove(instagram_credentials(), needs=BOTH)
        assert platform.asked[-1].url.path == "/v25.0/9000000000000001/content_publishing_limit"
        assert proof.granted == BOTH

    async def test_an_unknown_node_by_either_id_stays_ambiguous(self):
        with pytest.raises(PlatformDown, match="100/33"):
            await prove((200, ME), graph_error(100, 33), graph_error(100, 33))

    async def test_a_host_without_versions_is_asked_without_one(self):
        platform = Platform(graph_error(100, kind="IGApiException"), (200, ME))
        await instagram(platform).prove(instagram_credentials(), needs=IDENTIFY)
        assert [each.url.path for each in platform.asked] == ["/v25.0/me", "/me"]

    @pytest.mark.parametrize("code", [10, 200, 299])
    async def test_a_permission_code_counts_once_the_account_answered(self, code):
        assert (await prove((200, ME), graph_error(code))).granted == IDENTIFY

    @pytest.mark.parametrize("code", [10, 200])
    async def test_a_permission_code_alone_is_no_evidence(self, code):
        with pytest.raises(Passing) as caught:
            await prove(graph_error(code))
        assert not isinstance(caught.value, ScopeMissing)

    @pytest.mark.parametrize("subcode", [459, 464])
    async def test_a_checkpoint_is_the_accounts(self, subcode):
        with pytest.raises(AccountHeld) as caught:
            await prove(graph_error(190, subcode))
        assert caught.value.observation == Observation(account=Standing.CHECKPOINT)
        assert caught.value.log_id == "TRACE"

    @pytest.mark.parametrize("subcode", [None, 458])
    async def test_a_refused_living_token_was_withdrawn(self, subcode):
        with pytest.raises(GrantLost) as caught:
            await prove(graph_error(190, subcode))
        assert caught.value.observation == Observation(grant=Grant.WITHDRAWN)

    @pytest.mark.parametrize("subcode", [None, 463])
    async def test_a_refused_token_past_its_end_has_run_out(self, subcode):
        clock = FrozenClock(NOW + timedelta(days=60))
        with pytest.raises(GrantLost) as caught:
            await prove(graph_error(190, subcode), clock=clock)
        assert caught.value.observation == Observation(credential=Credential.EXPIRED)

    @pytest.mark.parametrize(
        ("answer", "trouble"),
        [
            (graph_error(100, 33), PlatformDown),
            (graph_error(1), PlatformDown),
            (graph_error(2), PlatformDown),
            (graph_error(4), Throttled),
            (graph_error(17), Throttled),
            (graph_error(341), Throttled),
            (graph_error(4711), Passing),
            (graph_error(100), Final),
            (graph_error(190, message="Cannot parse access token"), Final),
            ((500, "<html>"), PlatformDown),
            ((200, "<html>"), Unreachable),
            ((200, {}), Unreachable),
            ((200, {"data": []}), Unreachable),
            ((400, {"error": "odd"}), Passing),
            ((429, ""), Throttled),
        ],
    )
    async def test_no_other_answer_is_held_against_the_link(self, answer, trouble):
        with pytest.raises(trouble) as caught:
            await prove(answer)
        assert not hasattr(caught.value, "observation")

    @pytest.mark.parametrize(
        ("usage", "minutes"),
        [
            ({"1": [{"call_count": 100, "estimated_time_to_regain_access": 17}]}, 17),
            (
                {
                    "1": [{"estimated_time_to_regain_access": 3}],
                    "2": [{"estimated_time_to_regain_access": 9}],
                },
                9,
            ),
        ],
    )
    async def test_a_throttle_says_until_when(self, usage, minutes):
        headers = {"X-Business-Use-Case-Usage": json.dumps(usage)}
        with pytest.raises(Throttled) as caught:
            await prove(graph_error(80002, headers=headers))
        assert caught.value.until == NOW + timedelta(minutes=minutes)

    @pytest.mark.parametrize(
        "usage", ["", "[]", "{", '{"1": 3}', '{"1": [{"estimated_time_to_regain_access": "x"}]}']
    )
    async def test_usage_that_makes_no_sense_is_ignored(self, usage):
        with pytest.raises(Throttled) as caught:
            await prove(graph_error(4, headers={"X-Business-Use-Case-Usage": usage}))
        assert caught.value.until is None


class TestVisibleLink:
    async def look(self, *answers):
        return await instagram(Platform(*answers)).visible_link(
            instagram_credentials(), an_account(On.TIKTOK)
        )

    async def test_an_address_in_either_field_shows(self):
        shown = Observation(visible=Visible.SHOWN)
        link = "https://www.tiktok.com/@nordlicht.bakery"
        assert await self.look((200, {"biography": link}), (200, {})) == shown
        assert await self.look(graph_error(100), (200, {"website": link})) == shown

    async def test_hidden_needs_both_fields_to_be_readable(self):
        assert await self.look((200, {"biography": "Bread"}), (200, {})) == Observation(
            visible=Visible.HIDDEN
        )
        assert await self.look((200, {"biography": "Bread"}), graph_error(100)) == Observation()

    async def test_trouble_is_not_taken_for_silence(self):
        with pytest.raises(PlatformDown):
            await self.look((200, {}), graph_error(2))
