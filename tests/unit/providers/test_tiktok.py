"""The TikTok adapter's tokens: consent, exchange, renewal and revocation against answers as captured or documented."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core.domain.errors import Final, GrantLost, PlatformDown, Unconfirmed, Unreachable
from core.domain.observation import Credential, Observation
from core.domain.secret import Secret
from core.providers.tiktok.app import TikTokApp
from tests.builders import EVERYTHING, NOW
from tests.unit.providers.scripted import IDENTIFY, TIKTOK_APP, Platform, tiktok, tiktok_credentials
from tests.unit.providers.tiktok_answers import TOKEN, failed, refused


async def exchange(*answers):
    return await tiktok(Platform(*answers)).exchange(
        code="c*0!1", redirect_uri="https://bot.test/cb", now=NOW
    )


async def refresh(*answers, **held):
    return await tiktok(Platform(*answers)).refresh(tiktok_credentials(**held), now=NOW)


def consent(needs, app=TIKTOK_APP):
    url = tiktok(Platform(), app=app).authorize_url(
        state="s1", redirect_uri="https://bot.test/cb", needs=needs
    )
    return urlsplit(url), {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


class TestConsent:
    def test_the_page_is_asked_for_exactly(self):
        url, query = consent(EVERYTHING)
        assert f"{url.scheme}://{url.netloc}{url.path}" == "https://www.tiktok.com/v2/auth/authorize/"
        assert query == {
            "client_key": "key-of-ours",
            "response_type": "code",
            "scope": "user.info.basic,video.publish,video.upload",
            "redirect_uri": "https://bot.test/cb",
            "state": "s1",
            "disable_auto_auth": "1",
        }

    @pytest.mark.parametrize("needs", [IDENTIFY, frozenset()])
    def test_a_profile_link_asks_for_identity_only(self, needs):
        assert consent(needs)[1]["scope"] == "user.info.basic"

    def test_an_app_with_the_display_product_asks_for_the_profile(self):
        app = TikTokApp(client_key="k", client_secret=Secret("s"), profile_scope=True)
        assert consent(IDENTIFY, app)[1]["scope"] == "user.info.basic,user.info.profile"


class TestExchange:
    async def test_tokens_and_lifetimes_are_kept_as_stated(self):
        issued = await exchange((200, TOKEN))
        held = issued.credentials
        assert (held.access.reveal(), held.refresh.reveal()) == ("act.new", "rft.new")
        assert held.access_expires_at == NOW + timedelta(hours=2)
        assert held.refresh_expires_at == NOW + timedelta(days=180)
        assert (issued.account_id, issued.granted) == ("-000_bakery", EVERYTHING)

    async def test_the_older_regime_is_believed_as_well(self):
        issued = await exchange((200, TOKEN | {"expires_in": 86_400, "refresh_expires_in": 31_536_000}))
        assert issued.credentials.access_expires_at == NOW + timedelta(days=1)
        assert issued.credentials.refresh_expires_at == NOW + timedelta(days=365)

    async def test_a_subset_of_scopes_grants_a_subset(self):
        issued = await exchange((200, TOKEN | {"scope": "user.info.basic"}))
        assert issued.granted == IDENTIFY

    async def test_the_form_is_what_the_endpoint_wants(self):
        platform = Platform((200, TOKEN))
        await tiktok(platform).exchange(code="c*0!1", redirect_uri="https://bot.test/cb", now=NOW)
        assert str(platform.asked[0].url) == "https://open.tiktokapis.com/v2/oauth/token/"
        assert "authorization" not in platform.asked[0].headers
        assert platform.forms() == [
            {
                "client_key": "key-of-ours",
                "client_secret": "tiktok-app-secret",
                "grant_type": "authorization_code",
                "code": "c*0!1",
                "redirect_uri": "https://bot.test/cb",
            }
        ]

    @pytest.mark.parametrize("status", [200, 400, 401])
    @pytest.mark.parametrize("code", ["invalid_grant", "invalid_request", "invalid_client", "invalid_scope"])
    async def test_a_refusal_is_final_whatever_the_status(self, code, status):
        with pytest.raises(Final) as caught:
            await exchange(refused(code, status))
        assert (caught.value.code, caught.value.log_id) == (code, "2026LOG")

    @pytest.mark.parametrize(
        "answer", [refused("server_error", 500), refused("temporarily_unavailable"), (503, "")]
    )
    async def test_a_platform_that_is_down_says_so(self, answer):
        with pytest.raises(PlatformDown):
            await exchange(answer)

    @pytest.mark.parametrize(
        "answer",
        [
            (502, "<html>"),
            (200, ""),
            (200, {"expires_in": 1}),
            refused("brand_new"),
            (200, TOKEN | {"access_token": ""}),
        ],
    )
    async def test_an_answer_nobody_can_tell_is_unconfirmed(self, answer):
        with pytest.raises(Unconfirmed):
            await exchange(answer)


class TestRefresh:
    async def test_both_tokens_are_replaced(self):
        issued = await refresh((200, TOKEN))
        assert issued.credentials.refresh == Secret("rft.new")
        assert issued.credentials.issued_at == NOW

    @pytest.mark.parametrize("answered", [{"refresh_token": ""}, {"refresh_token": None}])
    async def test_a_refresh_token_is_never_replaced_by_nothing(self, answered):
        issued = await refresh((200, TOKEN | answered))
        assert issued.credentials.refresh == Secret("rft.held-refresh")

    async def test_what_the_answer_leaves_out_stays(self):
        issued = await refresh((200, {"access_token": "act.new", "expires_in": "7200"}))
        assert issued.credentials.refresh_expires_at == tiktok_credentials().refresh_expires_at
        assert issued.credentials.scopes == tiktok_credentials().scopes
        assert issued.granted == frozenset()

    async def test_a_refused_token_has_run_out_as_far_as_we_know(self):
        with pytest.raises(GrantLost) as caught:
            await refresh(refused("invalid_grant"))
        assert caught.value.observation == Observation(credential=Credential.EXPIRED)

    @pytest.mark.parametrize("code", ["invalid_client", "invalid_request", "unauthorized_client"])
    async def test_our_own_mistake_never_ends_a_link(self, code):
        with pytest.raises(Final):
            await refresh(refused(code))

    async def test_nothing_to_renew_with_is_final(self):
        with pytest.raises(Final, match="no_refresh_token"):
            await refresh(refresh=None)


class TestRevoke:
    @pytest.mark.parametrize("body", ["", {}, {"error": ""}, {"error": {"code": "ok"}}])
    async def test_both_kinds_of_success_are_read(self, body):
        platform = Platform((200, body))
        await tiktok(platform).revoke(tiktok_credentials())
        assert platform.forms()[0]["token"] == "act.held-access"
        assert platform.asked[0].url.path == "/v2/oauth/revoke/"

    async def test_a_lost_answer_may_be_asked_again(self):
        with pytest.raises(Unreachable):
            await tiktok(Platform((200, "<html>"))).revoke(tiktok_credentials())

    async def test_a_dead_token_is_told(self):
        with pytest.raises(GrantLost):
            await tiktok(Platform(refused("invalid_grant"))).revoke(tiktok_credentials())

    async def test_an_error_in_the_other_shape_is_read_too(self):
        with pytest.raises(GrantLost, match="access_token_invalid"):
            await tiktok(Platform(failed("access_token_invalid", 401))).revoke(tiktok_credentials())
