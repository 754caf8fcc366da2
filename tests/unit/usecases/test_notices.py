"""What platforms tell us by themselves: late, repeated, about accounts we know or don't, and to be forgotten."""

from datetime import timedelta
from itertools import pairwise

import pytest

from core.domain.fact import FactKind
from core.domain.observation import Grant
from core.domain.verdict import Reason, State
from core.domain.webhook import NoticeKind
from core.usecases.notices import AFTERWARDS, LEASE
from tests.builders import NOW, OUTSIDE, a_notice, an_account
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, Agency

LATER = NOW + timedelta(minutes=5)


async def told(agency, connection, at=LATER, **changes):
    """Let a platform's message about a connection's account arrive and be handled."""
    given = {"platform": connection.platform, "account_ids": connection.account.known_as(), "at": at}
    await agency.notices.receive(a_notice(**given | changes))
    agency.clock.turn(max(LATER - agency.clock.now(), timedelta(0)))
    await agency.notices.handle_due(agency.clock.now())
    return agency.now(connection)


def moves(agency):
    return [each["reason"] for each in agency.facts(FactKind.CONNECTION_MOVED)]


async def test_a_removal_is_told_at_once_and_looked_into_next():
    agency = Agency()
    connection = await told(agency, await agency.linked())
    assert (connection.reason, connection.due_at) == (Reason.REMOVED_AT_PLATFORM, LATER + AFTERWARDS)


async def test_a_repeat_is_not_stored_twice():
    agency = Agency()
    notice = a_notice()
    assert await agency.notices.receive(notice)
    assert not await agency.notices.receive(notice)


async def test_the_same_removal_told_twice_is_news_once():
    agency = Agency()
    connection = await agency.linked()
    await told(agency, connection)
    await told(agency, connection)
    assert moves(agency) == [Reason.REMOVED_AT_PLATFORM]


async def test_a_late_removal_does_not_undo_a_newer_link_but_is_worth_a_look():
    agency = Agency()
    connection = await told(agency, await agency.linked(), at=NOW - timedelta(seconds=1))
    assert (connection.state, connection.due_at) == (State.AUTHORIZED, LATER)
    assert moves(agency) == []


async def test_a_removal_from_the_future_counts_from_now_on():
    agency = Agency()
    connection = await told(agency, await agency.linked(), at=LATER + timedelta(days=9))
    assert connection.sides.seen["grant"] == LATER


async def test_it_is_applied_in_every_workspace_that_links_the_account():
    agency = Agency()
    here = await agency.linked()
    there = await agency.linked(await agency.client(workspace=OUTSIDE))
    await told(agency, here)
    assert agency.now(there).reason is Reason.REMOVED_AT_PLATFORM


async def test_any_of_an_accounts_ids_will_do():
    agency = Agency()
    account = an_account(INSTAGRAM, id="1", ids=frozenset({"17841"}))
    connection = await agency.linked(platform=INSTAGRAM, account=account)
    connection = await told(agency, connection, account_ids=frozenset({"17841"}))
    assert connection.sides.grant is Grant.WITHDRAWN


@pytest.mark.parametrize("changes", [{"account_ids": frozenset({"stranger"})}, {"kind": NoticeKind.OTHER}])
async def test_what_does_not_concern_us_is_handled_and_changes_nothing(changes):
    agency = Agency()
    before = await agency.linked()
    assert await told(agency, before, **changes) == before
    assert all(each.handled_at for each in agency.work.rows.notices.values())


async def test_a_removal_after_an_unlink_ended_plans_no_look():
    agency = Agency()
    connection = await agency.linked()
    closed = await agency.save(connection.erased(NOW))
    assert (await told(agency, closed)).due_at is None


async def test_a_removal_older_than_the_end_of_an_unlink_changes_nothing():
    agency = Agency()
    closed = await agency.save((await agency.linked()).erased(NOW))
    assert await told(agency, closed, at=NOW - timedelta(hours=1)) == closed


async def test_an_asked_deletion_erases_credentials_and_identity():
    agency = Agency()
    connection = await agency.linked()
    forgotten = await told(agency, connection, kind=NoticeKind.DELETION_ASKED)
    assert (forgotten.account, agency.held(connection), forgotten.due_at) == (None, None, None)
    assert forgotten.reason is Reason.GONE_BOTH_SIDES


async def test_an_asked_deletion_finishes_an_unlink():
    agency = Agency()
    connection = await agency.linked()
    await agency.unlinking.ask(MANAGER, connection.client_id, [connection.platform])
    forgotten = await told(agency, connection, kind=NoticeKind.DELETION_ASKED)
    assert (forgotten.state, forgotten.account) == (State.CLOSED, None)
    assert len(agency.facts(FactKind.UNLINK_PROVED)) == 1


async def test_a_deletion_older_than_the_link_deletes_nothing():
    agency = Agency()
    connection = await agency.linked()
    await told(agency, connection, at=NOW - timedelta(hours=1), kind=NoticeKind.DELETION_ASKED)
    assert agency.held(connection) is not None


async def test_a_deletion_is_found_by_its_code():
    agency = Agency()
    await agency.notices.receive(a_notice(reference="abc123"))
    assert (await agency.notices.deletion("abc123")).reference == "abc123"
    assert await agency.notices.deletion("unknown") is None


async def test_a_notice_that_never_can_be_handled_is_tried_less_and_less(monkeypatch):
    agency = Agency()
    await agency.notices.receive(a_notice(received_at=NOW))

    async def fails(_notice, _unit):
        raise ValueError("spoiled")

    monkeypatch.setattr(agency.notices, "_handle", fails)
    day = range(24 * 60)
    tried = [each for each in day if await agency.notices.handle_due(NOW + timedelta(minutes=each))]
    pauses = [after - before for before, after in pairwise(tried)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (1, 60)


async def test_a_notice_that_cannot_be_handled_stops_no_other_and_comes_up_again(caplog):
    agency = Agency()
    connection = await agency.linked()
    broken = a_notice(id="no_1", account_ids=connection.account.known_as(), platform=None)
    await agency.notices.receive(broken)
    agency.work.rows.connections["cn_broken"] = object()
    assert await agency.notices.handle_due(NOW) == 1
    assert "a notice could not be handled" in caplog.text
    del agency.work.rows.connections["cn_broken"]
    assert await agency.notices.handle_due(NOW + LEASE) == 1
    assert agency.work.rows.notices["no_1"].handled_at
