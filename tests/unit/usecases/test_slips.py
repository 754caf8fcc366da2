"""A slip: the private message with the buttons that were asked for at once, and what it shows of each by now."""

from core.domain.invitation import InvitationStep, LinkOutcome
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, REQUESTER, TIKTOK, Agency

Outcome, Step = LinkOutcome, InvitationStep


async def asked(agency, client, *platforms, slip=""):
    return await agency.linking.invite(
        REQUESTER, client.id, platforms, channel="C0BAKERY", response_url="https://hooks.test/1", slip=slip
    )


async def shown(agency, invitation):
    return [
        (each.invitation.platform, each.invitation.step) for each in await agency.linking.slip(invitation)
    ]


async def test_what_is_asked_for_at_once_shares_one_and_each_shows_its_own_outcome():
    agency = Agency()
    both = await asked(agency, await agency.client(), TIKTOK, INSTAGRAM)
    first, second = [each.invitation for each in both]
    assert first.slip == second.slip
    await agency.come_back(await agency.leave(both[0]))
    assert await shown(agency, second) == [(TIKTOK, Step.LINKED), (INSTAGRAM, Step.OPEN)]
    entries = await agency.linking.slip(first)
    assert [each.invitation.token is None for each in entries] == [True, False]
    assert entries[1].invitation.token.reveal() == both[1].token


async def test_trying_again_stands_in_the_same_one_beside_the_other():
    agency = Agency()
    client = await agency.client()
    both = await asked(agency, client, TIKTOK, INSTAGRAM)
    await agency.come_back(await agency.leave(both[0]), error="access_denied")
    (again,) = await asked(agency, client, TIKTOK, slip=both[0].invitation.slip)
    assert again.invitation.slip == both[1].invitation.slip
    assert again.invitation.replaceable
    assert again.former == []
    assert await shown(agency, again.invitation) == [(TIKTOK, Step.OPEN), (INSTAGRAM, Step.OPEN)]


async def test_where_an_account_was_let_go_for_it_the_new_one_stands_beside():
    agency = Agency()
    held = await agency.wrong_account()
    (again,) = await asked(agency, held.client, TIKTOK, slip=held.invitation.slip)
    assert again.let_go
    assert again.invitation.slip != held.invitation.slip
    assert not again.invitation.replaceable


async def test_an_account_that_was_adopted_in_the_same_moment_is_not_said_to_be_let_go(monkeypatch):
    agency = Agency()
    wrong = await agency.wrong_account()
    held = agency.linking._held
    letting_go = held.let_go

    async def too_late(invitation, **given):
        await agency.linking.adopt(MANAGER, invitation.id)
        return await letting_go(invitation, **given)

    monkeypatch.setattr(held, "let_go", too_late)
    (again,) = await asked(agency, wrong.client, TIKTOK, slip=wrong.invitation.slip)
    assert (again.let_go, again.invitation.slip) == (False, wrong.invitation.slip)
    assert again.invitation.relink


async def test_what_was_asked_for_anew_elsewhere_is_no_longer_on_it():
    agency = Agency()
    client = await agency.client()
    both = await asked(agency, client, TIKTOK, INSTAGRAM)
    (newer,) = await asked(agency, client, TIKTOK)
    assert [each.id for each in newer.former] == [both[0].invitation.id]
    assert await shown(agency, both[1].invitation) == [(INSTAGRAM, Step.OPEN)]
    assert await shown(agency, newer.invitation) == [(TIKTOK, Step.OPEN)]


async def test_the_token_of_an_address_goes_with_its_button():
    agency = Agency()
    for outcome in ({"error": "access_denied"}, {"code": "c0de"}):
        (one,) = await asked(agency, await agency.client(), TIKTOK)
        assert agency.invitation(one).token.reveal() == one.token
        await agency.come_back(await agency.leave(one), **outcome)
        assert agency.invitation(one).token is None
