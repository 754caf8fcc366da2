"""The Instagram adapter against answers as captured or documented."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
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
    Unconfirmed,
    Unreachable,
)
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible
from tests.builders import EVERYTHING, NOW, an_account
from tests.fakes import FrozenClock
from tests.unit.providers.scripted import INSTAGRAM_APP, Platform, instagram, instagram_credentials

IDENTIFY = frozenset({Capability.IDENTIFY})
BOTH = frozenset({Capability.IDENTIFY, Capability.PUBLISH})
SCOPES = "instagram_business_basic,instagram_business_content_publish"
SHORT = {"access_token": "IGAA-short", "user_id": 17841400000000001, "permissions": SCOPES.split(",")}
LONG = {"access_token": "IGAA-long", "token_type": "bearer", "expires_in": 5_183_999}
ME = {
    "id": "9000000000000001",
    "user_id": "17841400000000001",
    "username": "nordlicht.bakery",
    "name": "Nordlicht Bakery",
    "account_type": "BUSINESS",
}
LIMIT = {"data": [{"quota_usage": 2, "config": {"quota_total": 100, "quota_duration": 86_400}}]}


def failed(code, subcode=None, status=400, *, kind="OAuthException", message="words", headers=None):
    error = {"message": message, "type": kind, "code": code, "fbtrace_id": "TRACE"}
    return (
        status,
        {"error": error | ({"error_subcode": subcode} if subcode is not None else {})},
        headers or {},
    )


def refused(message="code was already used", kind="OAuthException"):
    return 400, {"error_type": kind, "code": 400, "error_message": message}


async def exchange(*answers, code="AQcode"):
    return await instagram(Platform(*answers)).exchange(
        code=code, redirect_uri="https://bot.test/cb", now=NOW
    )


async def refresh(*answers, clock=None):
    return await instagram(Platform(*answers), clock=clock).refresh(instagram_credentials(), now=NOW)


async def prove(*answers, needs=BOTH, clock=None):
    return await instagram(Platform(*answers), clock=clock).prove(instagram_credentials(), needs=needs)


def consent(needs=BOTH, **changes):
    app = replace(INSTAGRAM_APP, **changes)
    url = instagram(Platform(), app=app).authorize_url(
        state="s1", redirect_uri="https://bot.test/cb", needs=needs
    )
    return url, {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


class TestConsent:
    def test_the_page_is_asked_for_exactly(self):
        url, query = consent()
        assert url.startswith("https://www.instagram.com/oauth/authorize?")
        assert query == {
            "client_id": "1000200030004000",
            "redirect_uri": "https://bot.test/cb",
            "response_type": "code",
            "scope": SCOPES,
            "state": "s1",
            "enable_fb_login": "0",
        }

    def test_a_profile_link_asks_for_identity_only(self):
        assert consent(IDENTIFY)[1]["scope"] == "instagram_business_basic"

    def test_typing_the_password_is_asked_only_by_setting(self):
        assert consent(force_reauth=True)[1]["force_reauth"] == "true"

    def test_drafts_are_not_offered(self):
        assert instagram(Platform()).traits.wanted(EVERYTHING) == BOTH


class TestExchange:
    @pytest.mark.parametrize(
        "short",
        [
            SHORT,
            SHORT | {"permissions": SCOPES, "user_id": "17841400000000001"},
            {"data": [SHORT | {"permissions": SCOPES}]},
        ],
    )
    async def test_every_shape_of_the_short_token_is_read(self, short):
        issued = await exchange((200, short), (200, LONG))
        assert (issued.account_id, issued.granted) == ("17841400000000001", BOTH)

    async def test_only_the_long_token_is_kept_with_its_own_life(self):
        held = (await exchange((200, SHORT), (200, LONG))).credentials
        assert (held.access.reveal(), held.refresh) == ("IGAA-long", None)
        assert held.access_expires_at == NOW + timedelta(seconds=5_183_999)

    async def test_the_trail_of_the_callback_is_no_part_of_the_code(self):
        platform = Platform((200, SHORT), (200, LONG))
        await instagram(platform).exchange(code="AQcode#_", redirect_uri="https://bot.test/cb", now=NOW)
        assert platform.forms()[0] == {
            "client_id": "1000200030004000",
            "client_secret": "instagram-app-secret",
            "grant_type": "authorization_code",
            "redirect_uri": "https://bot.test/cb",
            "code": "AQcode",
        }

    async def test_the_long_token_is_asked_for_without_a_version(self):
        platform = Platform((200, SHORT), (200, LONG))
        await instagram(platform).exchange(code="AQcode", redirect_uri="https://bot.test/cb", now=NOW)
        assert platform.asked[1].url.copy_with(query=None) == "https://graph.instagram.com/access_token"
        assert dict(platform.asked[1].url.params) == {
            "grant_type": "ig_exchange_token",
            "client_secret": "instagram-app-secret",
            "access_token": "IGAA-short",
        }

    async def test_fewer_ticks_grant_less(self):
        short = SHORT | {"permissions": ["instagram_business_basic"]}
        assert (await exchange((200, short), (200, LONG))).granted == IDENTIFY

    @pytest.mark.parametrize(
        "message", ["code was already used", "Invalid platform app", "Invalid redirect_uri"]
    )
    async def test_a_refused_code_is_final(self, message):
        with pytest.raises(Final, match="OAuthException/400"):
            await exchange(refused(message))

    async def test_another_kind_of_refusal_is_unconfirmed(self):
        with pytest.raises(Unconfirmed):
            await exchange(refused(kind="Brandnew"))

    @pytest.mark.parametrize(
        ("second", "trouble"),
        [
            (httpx.ConnectError("down"), Unconfirmed),
            (httpx.ReadTimeout("late"), Unconfirmed),
            ((502, "<html>"), Unconfirmed),
            ((503, "<html>"), PlatformDown),
            (failed(2), PlatformDown),
            (failed(4), Throttled),
            (failed(4711), Unconfirmed),
            (failed(100, kind="IGApiException"), AccountUnfit),
            (failed(190), Final),
            (failed(190, 458), Final),
            (failed(190, message="Cannot parse access token"), Final),
            ((200, LONG | {"expires_in": 3600}), PlatformDown),
            ((200, {"access_token": "IGAA-long"}), Unconfirmed),
        ],
    )
    async def test_a_failed_second_half_fails_the_whole(self, second, trouble):
        with pytest.raises(trouble) as caught:
            await exchange((200, SHORT), second)
        assert not getattr(caught.value, "observation", None)


class TestRefresh:
    async def test_the_returned_token_is_kept_and_the_permissions_stay(self):
        issued = await refresh((200, LONG))
        assert issued.credentials.access.reveal() == "IGAA-long"
        assert issued.credentials.scopes == instagram_credentials().scopes
        assert issued.granted == frozenset()

    async def test_the_address_has_no_version_and_no_secret_of_the_app(self):
        platform = Platform((200, LONG))
        await instagram(platform).refresh(instagram_credentials(), now=NOW)
        assert platform.asked[0].url.path == "/refresh_access_token"
        assert set(platform.asked[0].url.params) == {"grant_type", "access_token"}

    @pytest.mark.parametrize(
        ("answer", "shown"),
        [
            (failed(190), Observation(grant=Grant.WITHDRAWN)),
            (failed(190, 458), Observation(grant=Grant.WITHDRAWN)),
            (failed(190, 463), Observation(credential=Credential.EXPIRED)),
            (failed(190, 460), Observation(credential=Credential.EXPIRED)),
        ],
    )
    async def test_a_definitive_refusal_shows_its_side(self, answer, shown):
        with pytest.raises(GrantLost) as caught:
            await refresh(answer)
        assert caught.value.observation == shown

    @pytest.mark.parametrize("answer", [failed(1), failed(2), failed(100, 33), failed(17), (503, "")])
    async def test_ambiguous_answers_pass(self, answer):
        with pytest.raises(Passing):
            await refresh(answer)


class TestRevoke:
    async def test_there_is_no_such_call(self):
        platform = Platform()
        with pytest.raises(Final, match="no_revoke_endpoint"):
            await instagram(platform).revoke(instagram_credentials())
        assert not instagram(platform).traits.can_revoke

    @pytest.mark.parametrize("body", ["true", {"success": True}])
    async def test_by_setting_it_is_tried(self, body):
        platform = Platform((200, body))
        app = replace(INSTAGRAM_APP, try_revoke=True)
        await instagram(platform, app=app).revoke(instagram_credentials())
        assert (platform.asked[0].method, platform.asked[0].url.path) == ("DELETE", "/me/permissions")
        assert instagram(platform, app=app).traits.can_revoke

    @pytest.mark.parametrize(
        ("answer", "trouble"),
        [(failed(100), Final), ((200, {"success": False}), Passing), ((200, ""), Passing)],
    )
    async def test_an_answer_that_is_no_yes_is_not_taken_for_one(self, answer, trouble):
        with pytest.raises(trouble):
            await instagram(Platform(answer), app=replace(INSTAGRAM_APP, try_revoke=True)).revoke(
                instagram_credentials()
            )


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
        unfit = failed(100, kind="IGApiException")
        with pytest.raises(AccountUnfit) as caught:
            await prove(unfit, unfit)
        assert not caught.value.observation

    async def test_the_other_id_is_tried_where_the_first_names_nothing(self):
        platform = Platform((200, ME), failed(100, 33), (200, LIMIT))
        proof = await instagram(platform).prove(instagram_credentials(), needs=BOTH)
        assert platform.asked[-1].url.path == "/v25.0/9000000000000001/content_publishing_limit"
        assert proof.granted == BOTH

    async def test_an_unknown_node_by_either_id_stays_ambiguous(self):
        with pytest.raises(PlatformDown, match="100/33"):
            await prove((200, ME), failed(100, 33), failed(100, 33))

    async def test_a_host_without_versions_is_asked_without_one(self):
        platform = Platform(failed(100, kind="IGApiException"), (200, ME))
        await instagram(platform).prove(instagram_credentials(), needs=IDENTIFY)
        assert [each.url.path for each in platform.asked] == ["/v25.0/me", "/me"]

    @pytest.mark.parametrize("code", [10, 200, 299])
    async def test_a_permission_code_counts_once_the_account_answered(self, code):
        assert (await prove((200, ME), failed(code))).granted == IDENTIFY

    @pytest.mark.parametrize("code", [10, 200])
    async def test_a_permission_code_alone_is_no_evidence(self, code):
        with pytest.raises(Passing) as caught:
            await prove(failed(code))
        assert not isinstance(caught.value, ScopeMissing)

    @pytest.mark.parametrize("subcode", [459, 464])
    async def test_a_checkpoint_is_the_accounts(self, subcode):
        with pytest.raises(AccountHeld) as caught:
            await prove(failed(190, subcode))
        assert caught.value.observation == Observation(account=Standing.CHECKPOINT)
        assert caught.value.log_id == "TRACE"

    @pytest.mark.parametrize("subcode", [None, 458])
    async def test_a_refused_living_token_was_withdrawn(self, subcode):
        with pytest.raises(GrantLost) as caught:
            await prove(failed(190, subcode))
        assert caught.value.observation == Observation(grant=Grant.WITHDRAWN)

    @pytest.mark.parametrize("subcode", [None, 463])
    async def test_a_refused_token_past_its_end_has_run_out(self, subcode):
        clock = FrozenClock(NOW + timedelta(days=60))
        with pytest.raises(GrantLost) as caught:
            await prove(failed(190, subcode), clock=clock)
        assert caught.value.observation == Observation(credential=Credential.EXPIRED)

    @pytest.mark.parametrize(
        ("answer", "trouble"),
        [
            (failed(100, 33), PlatformDown),
            (failed(1), PlatformDown),
            (failed(2), PlatformDown),
            (failed(4), Throttled),
            (failed(17), Throttled),
            (failed(341), Throttled),
            (failed(4711), Passing),
            (failed(100), Final),
            (failed(190, message="Cannot parse access token"), Final),
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
            await prove(failed(80002, headers=headers))
        assert caught.value.until == NOW + timedelta(minutes=minutes)

    @pytest.mark.parametrize(
        "usage", ["", "[]", "{", '{"1": 3}', '{"1": [{"estimated_time_to_regain_access": "x"}]}']
    )
    async def test_usage_that_makes_no_sense_is_ignored(self, usage):
        with pytest.raises(Throttled) as caught:
            await prove(failed(4, headers={"X-Business-Use-Case-Usage": usage}))
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
        assert await self.look(failed(100), (200, {"website": link})) == shown

    async def test_hidden_needs_both_fields_to_be_readable(self):
        assert await self.look((200, {"biography": "Bread"}), (200, {})) == Observation(
            visible=Visible.HIDDEN
        )
        assert await self.look((200, {"biography": "Bread"}), failed(100)) == Observation()

    async def test_trouble_is_not_taken_for_silence(self):
        with pytest.raises(PlatformDown):
            await self.look((200, {}), failed(2))
