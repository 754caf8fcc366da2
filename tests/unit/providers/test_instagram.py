"""The Instagram adapter against answers as captured or documented."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from core.domain.errors import (
    AccountUnfit,
    Final,
    GrantLost,
    Passing,
    PlatformDown,
    Throttled,
    Unconfirmed,
)
from core.domain.observation import Credential, Grant, Observation
from tests.builders import EVERYTHING, NOW
from tests.unit.providers.scripted import (
    BOTH,
    IDENTIFY,
    INSTAGRAM_APP,
    Platform,
    graph_error,
    instagram,
    instagram_credentials,
)

SCOPES = "instagram_business_basic,instagram_business_content_publish"
SHORT = {"access_token": "IGAA-short", "user_id": 17841400000000001, "permissions": SCOPES.split(",")}
LONG = {"access_token": "IGAA-long", "token_type": "bearer", "expires_in": 5_183_999}


def refused(message="code was already used", kind="OAuthException"):
    return 400, {"error_type": kind, "code": 400, "error_message": message}


async def exchange(*answers, code="AQcode"):
    return await instagram(Platform(*answers)).exchange(
        code=code, redirect_uri="https://bot.test/cb", now=NOW
    )


async def refresh(*answers, clock=None):
    return await instagram(Platform(*answers), clock=clock).refresh(instagram_credentials(), now=NOW)


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
            (graph_error(2), PlatformDown),
            (graph_error(4), Throttled),
            (graph_error(4711), Unconfirmed),
            (graph_error(100, kind="IGApiException"), AccountUnfit),
            (graph_error(190), Final),
            (graph_error(190, 458), Final),
            (graph_error(190, message="Cannot parse access token"), Final),
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
            (graph_error(190), Observation(grant=Grant.WITHDRAWN)),
            (graph_error(190, 458), Observation(grant=Grant.WITHDRAWN)),
            (graph_error(190, 463), Observation(credential=Credential.EXPIRED)),
            (graph_error(190, 460), Observation(credential=Credential.EXPIRED)),
        ],
    )
    async def test_a_definitive_refusal_shows_its_side(self, answer, shown):
        with pytest.raises(GrantLost) as caught:
            await refresh(answer)
        assert caught.value.observation == shown

    @pytest.mark.parametrize(
        "answer", [graph_error(1), graph_error(2), graph_error(100, 33), graph_error(17), (503, "")]
    )
    async def test_ambiguous_answers_pass(self, answer):
        with pytest.raises(Passing):
            await refresh(answer)


class TestRevoke:
    async def test_there_is_no_such_call(self):
        platform = Platform()
        with pytest.raises(Final, match="no_revoke_endpoint"):
            await instagram(platform).revoke(instagram_credentials())
        assert not instagram(platform).traits.can_revoke
