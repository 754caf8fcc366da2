"""The TikTok adapter against its emulator: both regimes, every uncertain point, every trouble, every webhook."""

from datetime import timedelta

import pytest

from core.domain.account import Platform
from core.domain.errors import (
    AccountHeld,
    Final,
    GrantLost,
    Passing,
    PlatformDown,
    Throttled,
    Unconfirmed,
    Unreachable,
)
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible
from core.providers.tiktok.webhooks import read_webhook
from sandbox.tiktok.switches import LIFETIMES, TABLE
from tests.builders import EVERYTHING, an_account
from tests.contract.provider_stages import emulated, former, linked, positions, receiving, tiktok_app

NOT_FOR_THE_WEB = frozenset({("pkce", "loopback"), ("pkce", "always")})
"""A page for desktop apps: web clients with a secret send no challenge."""


@pytest.fixture
async def stage():
    async with emulated(Platform.TIKTOK) as opened:
        yield opened


async def proved(stage, credentials, needs=EVERYTHING):
    return await stage.provider.prove(credentials, needs=needs)


async def refreshed(stage, credentials):
    return await stage.provider.refresh(credentials, now=stage.clock.now())


@pytest.mark.parametrize(("name", "position"), positions(TABLE, besides=NOT_FOR_THE_WEB))
async def test_a_link_lives_whatever_nobody_could_say_for_sure(stage, name, position):
    stage.switch(**{name: position})
    issued = await linked(stage)
    for _ in range(3):
        stage.advance(hours=1)
        issued = await refreshed(stage, issued.credentials)
        proof = await proved(stage, issued.credentials)
    assert (proof.account.handle, proof.granted) == ("nordlicht.bakery", EVERYTHING)
    await stage.provider.revoke(issued.credentials)
    with pytest.raises(GrantLost) as caught:
        await proved(stage, issued.credentials)
    assert caught.value.observation.grant is Grant.WITHDRAWN


@pytest.mark.parametrize("regime", LIFETIMES)
async def test_both_regimes_are_believed(stage, regime):
    stage.switch(lifetimes=regime)
    held = (await linked(stage)).credentials
    access, refresh = LIFETIMES[regime]
    assert held.access_expires_at - held.issued_at == timedelta(seconds=access)
    assert held.refresh_expires_at - held.issued_at == timedelta(seconds=refresh)


async def test_a_refresh_replaces_both_tokens_and_the_old_one_is_dead(stage):
    issued = await linked(stage)
    renewed = await refreshed(stage, issued.credentials)
    assert not former(issued.credentials) & former(renewed.credentials)
    with pytest.raises(GrantLost) as caught:
        await refreshed(stage, issued.credentials)
    assert caught.value.observation == Observation(credential=Credential.EXPIRED)


async def test_half_a_year_without_a_refresh_is_too_long(stage):
    issued = await linked(stage)
    stage.advance(days=181)
    with pytest.raises(GrantLost):
        await refreshed(stage, issued.credentials)
    with pytest.raises(GrantLost) as caught:
        await proved(stage, issued.credentials)
    assert caught.value.observation == Observation(credential=Credential.EXPIRED)


async def test_an_access_token_that_ran_out_says_nothing_about_the_grant(stage):
    issued = await linked(stage)
    stage.advance(hours=3)
    with pytest.raises(Passing, match="access_token_expired"):
        await proved(stage, issued.credentials)


async def test_a_private_account_offers_its_own_audiences(stage):
    issued = await linked(stage, handle="velowerk")
    details = (await proved(stage, issued.credentials)).account.details
    assert details["privacy_options"] == "FOLLOWER_OF_CREATOR,MUTUAL_FOLLOW_FRIENDS,SELF_ONLY"
    assert details["private"] == "yes"


async def test_a_scope_withdrawn_later_is_gone_from_the_proof(stage):
    issued = await linked(stage)
    stage.change(untick=["video.publish"])
    proof = await proved(stage, issued.credentials)
    assert proof.granted == EVERYTHING - {Capability.PUBLISH}
    assert (await refreshed(stage, issued.credentials)).granted == EVERYTHING - {Capability.PUBLISH}


@pytest.mark.parametrize("change", [{"condition": "restricted"}, {"posting": "banned"}])
async def test_a_ban_is_the_accounts(stage, change):
    issued = await linked(stage)
    stage.change(**change)
    with pytest.raises(AccountHeld) as caught:
        await proved(stage, issued.credentials)
    assert caught.value.observation == Observation(account=Standing.RESTRICTED)


async def test_a_full_day_is_no_fault_of_the_link(stage):
    issued = await linked(stage)
    stage.change(posting="too_many_posts")
    assert (await proved(stage, issued.credentials)).granted == EVERYTHING


async def test_a_revoked_grant_cannot_be_revoked_again(stage):
    issued = await linked(stage)
    await stage.provider.revoke(issued.credentials)
    with pytest.raises(Final):
        await stage.provider.revoke(issued.credentials)
    stage.switch(revoke_dead_token="invalid_grant")
    with pytest.raises(GrantLost):
        await stage.provider.revoke(issued.credentials)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ({"what": "refuse", "code": "server_error"}, PlatformDown),
        ({"what": "refuse", "code": "temporarily_unavailable"}, PlatformDown),
        ({"what": "refuse", "code": "invalid_client"}, Final),
        ({"what": "refuse", "code": "invalid_grant"}, GrantLost),
        ({"what": "refuse", "code": "http_503"}, PlatformDown),
        ({"what": "refuse", "code": "http_502"}, Unconfirmed),
        ({"what": "refuse", "code": "never_seen_before"}, Unconfirmed),
        ({"what": "throttle"}, PlatformDown),
        ({"what": "drop_before"}, Unconfirmed),
        ({"what": "drop_after"}, Unconfirmed),
        ({"what": "reset"}, Unconfirmed),
        ({"what": "corrupt"}, Unconfirmed),
    ],
)
async def test_trouble_with_a_refresh(stage, fault, trouble):
    issued = await linked(stage)
    stage.fault("refresh", **fault)
    with pytest.raises(trouble):
        await refreshed(stage, issued.credentials)


@pytest.mark.parametrize("operation", ["tiktok.user_info", "tiktok.creator_info"])
@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ({"what": "refuse", "code": "internal_error"}, PlatformDown),
        ({"what": "refuse", "code": "rate_limit_exceeded"}, Throttled),
        ({"what": "refuse", "code": "http_500"}, PlatformDown),
        ({"what": "refuse", "code": "never_seen_before"}, Passing),
        ({"what": "throttle"}, Throttled),
        ({"what": "drop_before"}, Unreachable),
        ({"what": "drop_after"}, Unreachable),
        ({"what": "reset"}, Unreachable),
        ({"what": "corrupt"}, Unreachable),
    ],
)
async def test_trouble_with_a_look_leaves_the_link_alone(stage, operation, fault, trouble):
    issued = await linked(stage)
    stage.fault(operation, **fault)
    with pytest.raises(trouble) as caught:
        await proved(stage, issued.credentials)
    assert not hasattr(caught.value, "observation")
    assert (await proved(stage, issued.credentials)).granted == EVERYTHING


async def test_an_answer_that_dribbles_is_not_waited_for(stage):
    issued = await linked(stage)
    stage.provider._api._wire._total = 0.2
    stage.fault("refresh", what="slow", seconds=4.0)
    with pytest.raises(Unconfirmed, match="TimeoutError"):
        await refreshed(stage, issued.credentials)


@pytest.mark.parametrize(
    ("app", "trouble"), [({"client_key": "another"}, Final), ({"api_url": "http://127.0.0.1:9"}, Unreachable)]
)
async def test_our_own_mistakes_are_told_apart(app, trouble):
    async with emulated(Platform.TIKTOK, **app) as stage:
        with pytest.raises(trouble):
            await stage.provider.exchange(code="c", redirect_uri=stage.redirect_uri, now=stage.clock.now())


async def test_the_bio_shows_the_link_to_the_other_side():
    other = an_account(Platform.INSTAGRAM)
    async with emulated(Platform.TIKTOK, profile_scope=True) as stage:
        held = (await linked(stage)).credentials
        assert (await stage.provider.visible_link(held, other)).visible is Visible.SHOWN
        stage.change(bio_link=None)
        assert (await stage.provider.visible_link(held, other)).visible is Visible.UNKNOWN


@pytest.mark.parametrize("reason", range(6))
async def test_a_removal_arrives_verified(stage, reason):
    issued = await linked(stage)
    async with receiving(stage, "webhook_url") as letters:
        stage.change(webhooks="twice", remove_app=reason)
        first, second = await letters.read(2)
    app = tiktok_app(stage.sandbox.world.base_url)
    notices = [read_webhook(headers, raw, app=app, now=stage.clock.now()) for headers, raw in (first, second)]
    assert notices[0].id == notices[1].id
    assert notices[0].account_ids == {issued.account_id}
    assert notices[0].code == "authorization.removed"
