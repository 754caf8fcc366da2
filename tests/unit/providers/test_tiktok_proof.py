"""How the TikTok adapter proves a link, and sees what its profile shows, from answers as captured or documented."""

from datetime import timedelta

import pytest

from core.domain.account import Platform as On
from core.domain.errors import (
    AccountHeld,
    Final,
    GrantLost,
    Passing,
    PlatformDown,
    ScopeMissing,
    Throttled,
    Unreachable,
)
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible
from tests.builders import EVERYTHING, NOW, an_account
from tests.fakes import FrozenClock
from tests.unit.providers.scripted import IDENTIFY, Platform, tiktok, tiktok_credentials
from tests.unit.providers.tiktok_answers import creator, data, failed, me


async def prove(*answers, needs=EVERYTHING, clock=None, **held):
    return await tiktok(Platform(*answers), clock=clock).prove(tiktok_credentials(**held), needs=needs)


class TestProof:
    async def test_identity_and_every_capability(self):
        proof = await prove(me(), creator())
        assert proof.granted == EVERYTHING
        assert (proof.account.id, proof.account.handle) == ("-000_bakery", "nordlicht.bakery")
        assert proof.account.details == {
            "privacy_options": "FOLLOWER_OF_CREATOR,MUTUAL_FOLLOW_FRIENDS,SELF_ONLY",
            "private": "yes",
            "comment_disabled": "no",
            "duet_disabled": "yes",
            "stitch_disabled": "yes",
            "max_video_seconds": "3600",
        }

    async def test_a_profile_link_asks_nothing_about_posting(self):
        platform = Platform(me())
        held = tiktok_credentials(scopes=frozenset({"user.info.basic"}))
        proof = await tiktok(platform).prove(held, needs=IDENTIFY)
        assert (proof.granted, proof.account.handle, proof.account.name) == (IDENTIFY, None, "Nordlicht")

    async def test_the_profile_scope_shows_the_handle(self):
        scopes = frozenset({"user.info.basic", "user.info.profile"})
        proof = await prove(me(username="nordlicht.bakery"), needs=IDENTIFY, scopes=scopes)
        assert proof.account.handle == "nordlicht.bakery"

    async def test_a_withdrawn_profile_scope_leaves_the_identity(self):
        scopes = frozenset({"user.info.basic", "user.info.profile"})
        proof = await prove(failed("scope_not_authorized", 401), me(), needs=IDENTIFY, scopes=scopes)
        assert proof.granted == IDENTIFY

    async def test_a_withdrawn_posting_scope_is_not_granted(self):
        proof = await prove(me(), failed("scope_not_authorized", 401))
        assert proof.granted == {Capability.IDENTIFY, Capability.PUBLISH_DRAFT}

    async def test_unticked_drafts_are_not_granted(self):
        scopes = frozenset({"user.info.basic", "video.publish"})
        proof = await prove(me(), creator(), scopes=scopes)
        assert proof.granted == {Capability.IDENTIFY, Capability.PUBLISH}

    @pytest.mark.parametrize("code", ["spam_risk_too_many_posts", "reached_active_user_cap"])
    async def test_a_full_day_proves_the_permission(self, code):
        proof = await prove(me(), failed(code, 200))
        assert Capability.PUBLISH in proof.granted
        assert proof.account.details == {"capped": "yes"}

    async def test_a_ban_is_the_accounts_and_not_the_links(self):
        with pytest.raises(AccountHeld) as caught:
            await prove(me(), failed("spam_risk_user_banned_from_posting", 200))
        assert caught.value.observation == Observation(account=Standing.RESTRICTED)

    async def test_a_refused_living_token_was_withdrawn(self):
        with pytest.raises(GrantLost) as caught:
            await prove(failed("access_token_invalid", 401))
        assert caught.value.observation == Observation(grant=Grant.WITHDRAWN)

    @pytest.mark.parametrize("early", [timedelta(0), timedelta(minutes=1)])
    async def test_a_refused_token_that_ran_out_says_nothing(self, early):
        clock = FrozenClock(NOW + timedelta(hours=2) - early)
        with pytest.raises(Passing, match="access_token_expired"):
            await prove(failed("access_token_invalid", 401), clock=clock)

    @pytest.mark.parametrize("held", [{}, {"refresh": None}])
    async def test_a_token_beyond_renewal_has_run_out(self, held):
        clock = FrozenClock(NOW + timedelta(days=181))
        with pytest.raises(GrantLost) as caught:
            await prove(failed("access_token_invalid", 401), clock=clock, **held)
        assert caught.value.observation == Observation(credential=Credential.EXPIRED)

    async def test_without_the_basic_scope_nobody_answers(self):
        with pytest.raises(ScopeMissing):
            await prove(failed("scope_not_authorized", 401))

    @pytest.mark.parametrize(
        ("answer", "trouble"),
        [
            (failed("internal_error", 500), PlatformDown),
            ((504, "<html>"), PlatformDown),
            (failed("", 500), PlatformDown),
            (failed("never_seen_before"), Passing),
            (failed("invalid_params"), Final),
            ((404, "Unsupported path(Janus)"), Unreachable),
            ((200, {"data": {}}), Unreachable),
            (data(user={}), Unreachable),
        ],
    )
    async def test_no_other_answer_is_held_against_the_link(self, answer, trouble):
        with pytest.raises(trouble) as caught:
            await prove(answer)
        assert not hasattr(caught.value, "observation")

    async def test_a_throttle_waits_for_the_sliding_minute(self):
        with pytest.raises(Throttled) as caught:
            await prove(failed("rate_limit_exceeded", 429))
        assert caught.value.until == NOW + timedelta(minutes=1)

    async def test_a_throttle_on_posting_is_no_proof(self):
        with pytest.raises(Throttled):
            await prove(me(), failed("rate_limit_exceeded", 429))

    async def test_the_log_id_has_two_spellings(self):
        answer = 500, {"error": {"code": "internal_error", "message": "", "logid": "OTHER"}}
        with pytest.raises(PlatformDown) as caught:
            await prove(answer)
        assert caught.value.log_id == "OTHER"


class TestVisibleLink:
    SCOPES = frozenset({"user.info.basic", "user.info.profile"})

    async def look(self, *answers, scopes=SCOPES):
        other = an_account(On.INSTAGRAM)
        return await tiktok(Platform(*answers)).visible_link(tiktok_credentials(scopes=scopes), other)

    async def test_an_address_in_the_bio_shows(self):
        seen = await self.look(me(bio_description="Bread: instagram.com/nordlicht.bakery"))
        assert seen == Observation(visible=Visible.SHOWN)

    async def test_a_bio_without_it_proves_nothing(self):
        assert await self.look(me(bio_description="Bread")) == Observation(visible=Visible.UNKNOWN)

    async def test_what_was_not_granted_is_not_read(self):
        assert await self.look(scopes=frozenset({"user.info.basic"})) == Observation()
        assert await self.look(failed("scope_not_authorized", 401)) == Observation()
