"""Invitations and their pages: one at a time for a connection, for who is meant, until they end."""

from datetime import timedelta

import pytest

from core.domain.fact import FactKind
from core.domain.invitation import INVITATION_LIFE, InvitationStep
from core.domain.observation import Capability
from storage.vault import VaultError
from tests.builders import NOW, OUTSIDE, a_person, an_account
from tests.memory_links import Invitations
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, TIKTOK, Agency
from tests.unit.usecases.refusals import refused

SECOND = timedelta(seconds=1)
Step = InvitationStep


async def test_an_invitation_is_for_one_connection_and_its_token_is_stored_as_a_secret_only():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    assert asked.invitation.expires_at == NOW + INVITATION_LIFE
    assert asked.token not in str(agency.work.rows)


async def test_both_platforms_can_be_asked_for_at_once():
    agency = Agency()
    client = await agency.client()
    asked = await agency.linking.invite(REQUESTER, client.id, [TIKTOK, INSTAGRAM], channel="C0BAKERY")
    assert [each.platform for each in asked] == [TIKTOK, INSTAGRAM]
    assert len(agency.work.rows.connections) == 2


async def test_whoever_follows_the_private_link_says_how_its_message_is_reached():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.opened(REQUESTER, asked.invitation.id, "https://hooks.test/2")
    opened = agency.invitation(asked)
    assert (opened.response_url.reveal(), opened.replaceable) == ("https://hooks.test/2", True)


@pytest.mark.parametrize("person", [MANAGER, a_person(user=REQUESTER.user, workspace=OUTSIDE)])
async def test_nobody_else_says_so(person):
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.opened(person, asked.invitation.id, "https://hooks.test/2")
    assert not agency.invitation(asked).replaceable


async def test_a_link_that_is_over_is_left_as_it_is():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.come_back(await agency.leave(asked))
    before = agency.invitation(asked)
    await agency.linking.opened(REQUESTER, asked.invitation.id, "https://hooks.test/2")
    assert agency.invitation(asked) == before


async def test_the_newest_invitation_wins():
    agency = Agency()
    client = await agency.client()
    first, second = await agency.ask(client), await agency.ask(client)
    assert agency.invitation(first).step is Step.SUPERSEDED
    assert agency.invitation(second).step is Step.OPEN
    assert len(agency.work.rows.connections) == 1


async def test_an_outsider_is_not_invited():
    agency = Agency()
    assert (await refused(agency.ask(await agency.client(), person=OUTSIDER))).code == "outsider"


async def test_a_client_of_another_workspace_is_unknown():
    agency = Agency()
    client = await agency.client(workspace=OUTSIDE)
    assert (await refused(agency.ask(client))).code == "unknown_client"


async def test_the_page_says_whose_account_is_expected_and_what_for():
    agency = Agency()
    page = await agency.linking.page((await agency.ask(await agency.client())).token)
    assert (page.expected, page.relink) == ("nordlicht.bakery", False)
    assert {each.capability for each in page.permissions} == set(Capability)


async def test_looking_at_the_page_burns_nothing():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    before = agency.work.commits
    await agency.linking.page(asked.token)
    assert agency.work.commits == before


async def test_a_relink_expects_the_account_that_was_linked():
    agency = Agency()
    client = await agency.client(expected={})
    await agency.linked(client, account=an_account(handle="velowerk"))
    page = await agency.linking.page((await agency.ask(client)).token)
    assert (page.expected, page.relink) == ("velowerk", True)


async def test_a_page_that_nobody_was_given_is_unknown():
    assert (await refused(Agency().linking.page("guessed"))).code == "page_unknown"


async def test_a_superseded_page_says_so():
    agency = Agency()
    client = await agency.client()
    first, _ = await agency.ask(client), await agency.ask(client)
    assert (await refused(agency.linking.page(first.token))).code == "page_superseded"


async def test_a_page_expires_to_the_second():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    agency.clock.turn(INVITATION_LIFE - SECOND)
    assert await agency.linking.page(asked.token)
    agency.clock.turn(SECOND)
    assert (await refused(agency.linking.page(asked.token))).code == "page_expired"


async def test_a_page_that_timed_out_stays_expired():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.settle_overdue(agency.clock.turn(INVITATION_LIFE))
    assert (await refused(agency.linking.page(asked.token))).code == "page_expired"


async def test_a_page_that_has_done_its_work_says_so():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.come_back(await agency.leave(asked))
    assert (await refused(agency.linking.begin(asked.token, "browser"))).code == "page_used"


async def test_never_came_back():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.settle_overdue(agency.clock.turn(INVITATION_LIFE))
    assert agency.invitation(asked).step is Step.TIMED_OUT
    assert agency.facts(FactKind.INVITATION_SETTLED)[0]["outcome"] == "timed_out"


async def test_one_that_cannot_be_settled_keeps_no_other_from_timing_out(monkeypatch, caplog):
    agency = Agency()
    spoiled, fine = [await agency.ask(await agency.client()) for _ in range(2)]
    read = Invitations.by_id

    async def opened(self, invitation_id):
        if invitation_id == spoiled.invitation.id:
            raise VaultError("Damaged.")
        return await read(self, invitation_id)

    monkeypatch.setattr(Invitations, "by_id", opened)
    with pytest.raises(VaultError):
        await agency.linking.settle_overdue(agency.clock.turn(INVITATION_LIFE))
    assert agency.invitation(fine).step is Step.TIMED_OUT
    assert "could not be settled" in caplog.text


async def test_nothing_times_out_early():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.settle_overdue(agency.clock.turn(INVITATION_LIFE - SECOND))
    assert agency.invitation(asked).step is Step.OPEN


async def test_what_was_settled_meanwhile_does_not_time_out():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.come_back(await agency.leave(asked))
    await agency.linking._settle(asked.invitation.id, agency.clock.turn(hours=1))
    assert agency.invitation(asked).step is Step.LINKED
