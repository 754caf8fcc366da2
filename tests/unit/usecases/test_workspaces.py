"""The end of a workspace: nothing of it is held longer than it takes to let go."""

from core.domain.delivery import DeliveryStep
from core.domain.errors import GrantLost
from core.domain.fact import FactKind
from core.domain.invitation import InvitationStep
from core.domain.observation import Grant, Observation
from core.domain.post import PostStep
from core.domain.verdict import State
from tests.builders import NOW, OUTSIDE, WORKSPACE, a_delivery, a_post
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, TIKTOK, Agency

REMOVED = GrantLost("access_token_invalid", Observation(grant=Grant.WITHDRAWN))


async def test_slacks_tokens_are_forgotten():
    agency = Agency()
    await agency.workspaces.end(WORKSPACE)
    assert agency.work.rows.installations == {}
    assert len(agency.facts(FactKind.WORKSPACE_ENDED)) == 1


async def test_where_the_platform_can_be_told_the_scheduler_revokes_and_proves():
    agency = Agency()
    connection = await agency.linked()
    await agency.workspaces.end(WORKSPACE)
    assert (agency.now(connection).is_ending, agency.now(connection).due_at) == (True, NOW)
    agency.tiktok.will("prove", REMOVED)
    await agency.watching.look_at_due(NOW)
    assert (agency.now(connection).state, len(agency.tiktok.revoked)) == (State.CLOSED, 1)


async def test_elsewhere_the_credentials_are_erased_at_once():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    await agency.workspaces.end(WORKSPACE)
    assert (agency.now(connection).state, agency.held(connection)) == (State.CLOSED, None)


async def test_what_ran_out_is_erased_because_nothing_can_be_proved_with_it():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(days=400)
    await agency.workspaces.end(WORKSPACE)
    assert (agency.now(connection).state, agency.held(connection)) == (State.CLOSED, None)


async def test_an_unlink_that_waited_for_a_person_is_over():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    await agency.unlinking.ask(MANAGER, connection.client_id, [INSTAGRAM])
    await agency.workspaces.end(WORKSPACE)
    assert agency.now(connection).state is State.CLOSED


async def test_nothing_of_it_is_decided_or_sent_any_more():
    agency = Agency()
    connection = await agency.linked()
    async with agency.work.writing() as unit:
        client = await unit.clients.get(WORKSPACE, connection.client_id)
        steps = (PostStep.DRAFT, PostStep.REQUESTED, PostStep.CHANGES_REQUESTED, PostStep.REJECTED)
        posts = [await unit.posts.save(a_post(client, step=step, due_at=NOW)) for step in steps]
        sent = []
        for step in DeliveryStep:
            post = await unit.posts.save(a_post(client, step=PostStep.APPROVED))
            await unit.deliveries.add(delivery := a_delivery(post, connection, step=step))
            sent.append(delivery)
        await unit.commit()
    await agency.workspaces.end(WORKSPACE)
    await agency.workspaces.end(WORKSPACE)
    rows = agency.work.rows
    assert [rows.posts[each.id].step for each in posts] == ["draft", "withdrawn", "withdrawn", "rejected"]
    assert [rows.deliveries[each.id].step for each in sent] == [
        *["cancelled"] * 3, "asked", "published", "refused", "uncertain", "cancelled", "cancelled",
    ]  # fmt: skip
    cancelled = [each for each in rows.deliveries.values() if each.fence]
    assert [each.due_at for each in cancelled] == [None] * 4
    assert [each.what for each in rows.chronicle.values()] == ["cancelled"] * 4 + ["withdrawn"] * 2


async def test_ending_again_changes_nothing():
    agency = Agency()
    await agency.linked()
    await agency.linked(platform=INSTAGRAM)
    await agency.workspaces.end(WORKSPACE)
    before = agency.work.rows
    await agency.workspaces.end(WORKSPACE)
    assert agency.work.rows == before


async def test_other_workspaces_are_left_alone():
    agency = Agency()
    connection = await agency.linked(await agency.client(workspace=OUTSIDE))
    await agency.workspaces.end(WORKSPACE)
    assert agency.now(connection).state is State.AUTHORIZED


async def test_open_buttons_end_and_held_accounts_are_let_go():
    agency = Agency()
    wrong = await agency.wrong_account()
    asked = await agency.ask(await agency.client(), TIKTOK)
    await agency.workspaces.end(WORKSPACE)
    await agency.linking.settle_overdue(agency.clock.now())
    assert agency.invitation(asked).step is InvitationStep.SUPERSEDED
    assert agency.work.rows.invitations[wrong.invitation.id].step is InvitationStep.REFUSED
    assert (len(agency.tiktok.revoked), agency.work.rows.held) == (1, {})
