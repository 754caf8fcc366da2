"""The Instagram adapter against its emulator: every uncertain point, every trouble, every callback."""

from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest

from core.domain.account import Platform
from core.domain.errors import (
    AccountHeld,
    AccountUnfit,
    Final,
    GrantLost,
    Passing,
    PlatformDown,
    Throttled,
    Unconfirmed,
    Unreachable,
)
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible
from core.domain.secret import Secret
from core.domain.webhook import NoticeKind
from core.providers.instagram.webhooks import read_signed_request, read_webhook, subscription_challenge
from sandbox.instagram.state import SECRETS, VERIFY_TOKEN
from sandbox.instagram.switches import TABLE
from tests.builders import an_account
from tests.contract.provider_stages import emulated, instagram_app, linked, positions, receiving

BOTH = frozenset({Capability.IDENTIFY, Capability.PUBLISH})
IDENTIFY = frozenset({Capability.IDENTIFY})


@pytest.fixture
async def stage():
    async with emulated(Platform.INSTAGRAM) as opened:
        yield opened


def our_app(stage):
    secrets = {"meta_secret": Secret(SECRETS["meta"]), "verify_token": Secret(VERIFY_TOKEN)}
    return instagram_app(stage.sandbox.world.base_url, **secrets)


async def proved(stage, credentials, needs=BOTH):
    return await stage.provider.prove(credentials, needs=needs)


async def refreshed(stage, credentials):
    return await stage.provider.refresh(credentials, now=stage.clock.now())


@pytest.mark.parametrize(("name", "position"), positions(TABLE))
async def test_a_link_lives_whatever_nobody_could_say_for_sure(stage, name, position):
    stage.switch(**{name: position})
    issued = await linked(stage)
    for _ in range(3):
        stage.advance(days=30)
        issued = await refreshed(stage, issued.credentials)
        proof = await proved(stage, issued.credentials)
    assert (proof.account.handle, proof.granted) == ("nordlicht.bakery", BOTH)
    assert len(proof.account.known_as()) == 2
    stage.remove_app()
    with pytest.raises(GrantLost) as caught:
        await proved(stage, issued.credentials)
    assert caught.value.observation.grant is Grant.WITHDRAWN


@pytest.mark.parametrize("which", ["app_scoped", "professional"])
async def test_the_token_names_one_of_the_accounts_ids(stage, which):
    stage.switch(token_user_id=which)
    issued = await linked(stage)
    assert issued.account_id in (await proved(stage, issued.credentials)).account.known_as()


async def test_a_token_lives_as_long_as_the_platform_said(stage):
    stage.switch(long_seconds=40 * 86_400)
    held = (await linked(stage)).credentials
    assert held.access_expires_at - held.issued_at == timedelta(days=40)


async def test_a_short_life_is_not_kept(stage):
    stage.switch(long_seconds=3_600)
    with pytest.raises(PlatformDown, match="short_lived_token"):
        await linked(stage)


async def test_sixty_days_without_a_refresh_are_too_many(stage):
    issued = await linked(stage)
    stage.advance(days=60)
    for attempt in (refreshed, proved):
        with pytest.raises(GrantLost) as caught:
            await attempt(stage, issued.credentials)
        assert caught.value.observation == Observation(credential=Credential.EXPIRED)


@pytest.mark.parametrize("position", ["code_100", "code_10"])
async def test_a_token_too_young_to_be_extended_loses_nothing(stage, position):
    stage.switch(young_refresh=position)
    issued = await linked(stage)
    with pytest.raises(Exception) as caught:
        await refreshed(stage, issued.credentials)
    assert not getattr(caught.value, "observation", None)
    assert (await proved(stage, issued.credentials)).granted == BOTH


@pytest.mark.parametrize("position", ["10", "200"])
async def test_a_missing_permission_is_seen_beside_a_living_identity(stage, position):
    stage.switch(missing_permission=position)
    issued = await linked(stage)
    stage.change(untick=["instagram_business_content_publish"])
    assert (await proved(stage, issued.credentials)).granted == IDENTIFY


async def test_a_personal_account_never_becomes_a_link(stage):
    with pytest.raises(AccountUnfit):
        await linked(stage, handle="velo.personal")


async def test_an_account_that_turned_personal_is_unfit(stage):
    issued = await linked(stage)
    stage.change(type="PERSONAL")
    with pytest.raises(AccountUnfit):
        await proved(stage, issued.credentials)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"condition": "checkpoint"}, Observation(account=Standing.CHECKPOINT)),
        ({"condition": "unconfirmed"}, Observation(account=Standing.CHECKPOINT)),
        ({"condition": "restricted"}, Observation(account=Standing.RESTRICTED)),
        ({"condition": "banned"}, Observation(credential=Credential.EXPIRED)),
        ({"condition": "deleted"}, Observation(grant=Grant.WITHDRAWN)),
        ({"password_changed": True}, Observation(credential=Credential.EXPIRED)),
        ({"logged_out": True}, Observation(credential=Credential.EXPIRED)),
    ],
)
async def test_what_happens_to_the_account_shows_on_its_side(stage, change, shown):
    issued = await linked(stage)
    stage.change(**change)
    with pytest.raises((GrantLost, AccountHeld)) as caught:
        await proved(stage, issued.credentials)
    assert caught.value.observation == shown


TROUBLE = [
    ({"what": "refuse", "code": "1"}, PlatformDown),
    ({"what": "refuse", "code": "2"}, PlatformDown),
    ({"what": "refuse", "code": "100/33"}, PlatformDown),
    ({"what": "refuse", "code": "4"}, Throttled),
    ({"what": "refuse", "code": "17"}, Throttled),
    ({"what": "refuse", "code": "341"}, Throttled),
    ({"what": "refuse", "code": "80002"}, Throttled),
    ({"what": "refuse", "code": "http_503"}, PlatformDown),
    ({"what": "throttle"}, Throttled),
]


@pytest.mark.parametrize("operation", ["instagram.me", "instagram.limit"])
@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        *TROUBLE,
        ({"what": "refuse", "code": "4711"}, Passing),
        ({"what": "drop_before"}, Unreachable),
        ({"what": "drop_after"}, Unreachable),
        ({"what": "reset"}, Unreachable),
        ({"what": "corrupt"}, Unreachable),
    ],
)
async def test_trouble_with_a_look_leaves_the_link_alone(stage, operation, fault, trouble):
    issued = await linked(stage)
    stage.fault(operation, **fault, times=2)
    with pytest.raises(trouble) as caught:
        await proved(stage, issued.credentials)
    assert not hasattr(caught.value, "observation")
    stage.sandbox.world.faults.clear()
    assert (await proved(stage, issued.credentials)).granted == BOTH


@pytest.mark.parametrize("operation", ["instagram.oauth.long", "instagram.oauth.refresh"])
@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        *TROUBLE,
        ({"what": "refuse", "code": "4711"}, Unconfirmed),
        ({"what": "refuse", "code": "http_502"}, Unconfirmed),
        ({"what": "drop_before"}, Unconfirmed),
        ({"what": "drop_after"}, Unconfirmed),
        ({"what": "reset"}, Unconfirmed),
        ({"what": "corrupt"}, Unconfirmed),
    ],
)
async def test_trouble_with_what_happens_once(stage, operation, fault, trouble):
    issued = await linked(stage)
    stage.advance(days=2)
    stage.fault(operation, **fault)
    with pytest.raises(trouble):
        await (linked(stage) if operation.endswith("long") else refreshed(stage, issued.credentials))


@pytest.mark.parametrize("app", [{"app_id": "1"}, {"app_secret": Secret("another")}])
async def test_our_own_mistakes_are_never_the_accounts(app):
    async with emulated(Platform.INSTAGRAM, **app) as stage:
        with pytest.raises(Final):
            await stage.provider.exchange(code="c", redirect_uri=stage.redirect_uri, now=stage.clock.now())


async def test_the_website_shows_the_link_to_the_other_side(stage):
    held = (await linked(stage)).credentials
    other = an_account(Platform.TIKTOK)
    assert (await stage.provider.visible_link(held, other)).visible is Visible.SHOWN
    stage.change(bio_link=None)
    assert (await stage.provider.visible_link(held, other)).visible is Visible.HIDDEN
    stage.switch(profile_fields=False)
    assert await stage.provider.visible_link(held, other) == Observation()


@pytest.mark.parametrize("which", ["app_scoped", "professional"])
@pytest.mark.parametrize("secret", ["instagram", "meta"])
@pytest.mark.parametrize(
    ("url", "change", "kind"),
    [
        ("deauthorize_url", {"remove_app": True}, NoticeKind.GRANT_REMOVED),
        ("deletion_url", {"request_deletion": True}, NoticeKind.DELETION_ASKED),
    ],
)
async def test_a_callback_arrives_verified(stage, which, secret, url, change, kind):
    stage.switch(callback_user_id=which, callback_secret=secret)
    issued = await linked(stage)
    account = (await proved(stage, issued.credentials)).account
    async with receiving(stage, url) as letters:
        stage.change(webhooks="twice", **change)
        sent = await letters.read(2)
    first, second = (
        read_signed_request(
            parse_qs(raw.decode())["signed_request"][0], kind=kind, app=our_app(stage), now=stage.clock.now()
        )
        for _, raw in sent
    )
    assert (first.id, first.reference) == (second.id, second.reference)
    assert first.account_ids <= account.known_as()


@pytest.mark.parametrize("shape", ["changes", "flat"])
@pytest.mark.parametrize("secret", ["instagram", "meta"])
async def test_a_webhook_arrives_verified(stage, shape, secret):
    stage.switch(webhook_shape=shape, webhook_secret=secret)
    issued = await linked(stage)
    account = stage.emulator.state.accounts.get("nordlicht.bakery")
    async with receiving(stage, "webhook_url") as letters:
        stage.emulator.state.notify(account, "comments", {"id": "1"})
        [(headers, raw)] = await letters.read(1)
    notice = read_webhook(headers, raw, app=our_app(stage), now=stage.clock.now())
    assert notice.account_ids <= (await proved(stage, issued.credentials)).account.known_as()
    assert notice.details == {"fields": "comments"}


async def test_the_handshake_is_answered(stage):
    app = our_app(stage)
    async with (
        receiving(stage, "webhook_url", answer=lambda query: subscription_challenge(query, app=app)),
        httpx.AsyncClient(base_url=stage.sandbox.world.base_url) as developer,
    ):
        answer = await developer.post("/_sandbox/webhooks/instagram/handshake", json={})
    assert answer.json() == {"status": 200, "verified": True}
