"""The promises of `core.ports.Provider`, on the scripted stand-in and on every adapter against its emulator."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core.domain.account import Platform
from core.domain.errors import Final, GrantLost, NeedsPerson, Passing, Unconfirmed
from core.domain.observation import Capability, Grant, Observation
from tests.builders import EVERYTHING, an_account
from tests.contract.provider_stages import HANDLE, ScriptedStage, Stage, emulated, linked

IDENTIFY = frozenset({Capability.IDENTIFY})


@pytest.fixture(params=["scripted", *Platform])
async def stage(request):
    if request.param == "scripted":
        yield ScriptedStage()
        return
    async with emulated(Platform(request.param)) as opened:
        yield opened


def needs(stage: Stage) -> frozenset[Capability]:
    return stage.provider.traits.wanted(EVERYTHING)


def test_what_it_declares_fits_together(stage):
    traits = stage.provider.traits
    assert {each.capability for each in traits.permissions} == traits.offers
    assert Capability.IDENTIFY in traits.offers
    assert traits.sign_in_url.startswith("http")
    assert traits.manage_url.startswith("http")


@pytest.mark.parametrize("wanted", [IDENTIFY, EVERYTHING])
def test_the_consent_page_carries_state_and_redirect(stage, wanted):
    url = stage.provider.authorize_url(state="s1", redirect_uri=stage.redirect_uri, needs=wanted)
    query = parse_qs(urlsplit(url).query)
    assert (query["state"], query["redirect_uri"]) == (["s1"], [stage.redirect_uri])


async def test_a_code_becomes_credentials_that_prove_the_account(stage):
    issued = await linked(stage)
    proof = await stage.provider.prove(issued.credentials, needs=needs(stage))
    assert proof.account.platform is stage.provider.traits.platform
    assert proof.account.handle == HANDLE
    assert issued.account_id in proof.account.known_as()
    assert proof.granted == needs(stage)


async def test_lifetimes_are_what_the_platform_said_from_now_on(stage):
    before = stage.clock.now()
    held = (await linked(stage)).credentials
    assert before <= held.issued_at <= stage.clock.now()
    assert held.access_expires_at > held.issued_at + timedelta(hours=1)
    assert held.refresh_expires_at is None or held.refresh_expires_at > held.access_expires_at


async def test_whoever_signed_in_is_who_answers(stage):
    issued = await linked(stage, handle="velo.fanpage")
    proof = await stage.provider.prove(issued.credentials, needs=IDENTIFY)
    assert issued.account_id in proof.account.known_as()
    assert proof.account.handle in {"velo.fanpage", None}


async def test_the_same_account_has_the_same_id_next_time(stage):
    ids = set()
    for _ in range(2):
        issued = await linked(stage)
        ids.add((await stage.provider.prove(issued.credentials, needs=needs(stage))).account.id)
    assert len(ids) == 1


async def test_what_was_unticked_is_not_granted(stage):
    issued = await linked(stage, without=frozenset({Capability.PUBLISH}))
    proof = await stage.provider.prove(issued.credentials, needs=needs(stage))
    assert proof.granted == needs(stage) - {Capability.PUBLISH}
    assert Capability.PUBLISH not in issued.granted


async def test_a_used_code_is_final(stage):
    code = await stage.used_code()
    with pytest.raises(Final):
        await stage.provider.exchange(code=code, redirect_uri=stage.redirect_uri, now=stage.clock.now())


async def test_renewed_credentials_prove_the_same_account(stage):
    issued = await linked(stage)
    stage.advance(hours=25)
    renewed = await stage.provider.refresh(issued.credentials, now=stage.clock.now())
    proof = await stage.provider.prove(renewed.credentials, needs=needs(stage))
    assert proof.granted == needs(stage)
    assert renewed.credentials.access_expires_at > issued.credentials.access_expires_at
    assert renewed.granted <= EVERYTHING


async def test_a_removed_app_is_a_withdrawn_grant(stage):
    issued = await linked(stage)
    stage.remove_app()
    with pytest.raises(GrantLost) as caught:
        await stage.provider.prove(issued.credentials, needs=needs(stage))
    assert caught.value.observation.grant is Grant.WITHDRAWN


async def test_revoking_ends_the_grant_or_says_that_it_cannot(stage):
    issued = await linked(stage)
    if not stage.provider.traits.can_revoke:
        with pytest.raises(Final):
            await stage.provider.revoke(issued.credentials)
        return
    await stage.provider.revoke(issued.credentials)
    if isinstance(stage, ScriptedStage):
        stage.remove_app()
    with pytest.raises(GrantLost):
        await stage.provider.prove(issued.credentials, needs=needs(stage))


async def test_a_lost_answer_to_an_exchange_is_unconfirmed(stage):
    code = await stage.consent()
    stage.lose_answer("exchange")
    with pytest.raises(Unconfirmed):
        await stage.provider.exchange(code=code, redirect_uri=stage.redirect_uri, now=stage.clock.now())


async def test_a_lost_answer_to_a_refresh_is_unconfirmed(stage):
    issued = await linked(stage)
    stage.advance(hours=25)
    stage.lose_answer("refresh")
    with pytest.raises(Unconfirmed):
        await stage.provider.refresh(issued.credentials, now=stage.clock.now())


async def test_a_lost_answer_to_a_look_passes(stage):
    issued = await linked(stage)
    stage.lose_answer("prove")
    with pytest.raises(Passing) as caught:
        await stage.provider.prove(issued.credentials, needs=needs(stage))
    assert not isinstance(caught.value, NeedsPerson)
    assert (await stage.provider.prove(issued.credentials, needs=needs(stage))).account


async def test_a_look_at_the_profile_says_nothing_about_other_sides(stage):
    issued = await linked(stage)
    on = {Platform.TIKTOK: Platform.INSTAGRAM, Platform.INSTAGRAM: Platform.TIKTOK}
    other = an_account(on[stage.provider.traits.platform])
    seen = await stage.provider.visible_link(issued.credentials, other)
    assert seen == Observation(visible=seen.visible)


async def test_credentials_do_not_show_themselves(stage):
    held = (await linked(stage)).credentials
    shown = f"{held!r}{held}"
    assert not [each for each in (held.access, held.refresh) if each and each.reveal() in shown]
