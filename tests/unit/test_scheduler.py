"""The tick: what is due is done, what happened is told, and nothing spins, stops or gets lost."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.connection import PROBE_EVERY
from core.domain.errors import PlatformDown, Throttled
from core.domain.fact import URGENT, YES, FactKind
from core.domain.invitation import INVITATION_LIFE, InvitationStep
from core.scheduler import PAUSE
from core.usecases.notices import AFTERWARDS
from core.usecases.telling import FACTS_AT_ONCE, FIRST_RETRY, LANES, LAST_RETRY, SOONEST
from tests.builders import NOW, OUTSIDE, a_fact, a_notice
from tests.unit.usecases.agency import Agency


async def add(agency, *facts):
    async with agency.work.writing() as unit:
        for fact in facts:
            await unit.facts.add(fact)
        await unit.commit()


def told(agency):
    return [fact.id for fact in agency.messenger.told]


class Picky:
    """A messenger that refuses some facts and remembers the others."""

    def __init__(self, trouble, *refused):
        self.told, self.trouble, self.refused = [], trouble, set(refused)

    async def tell(self, fact):
        if fact.id in self.refused:
            raise self.trouble
        self.told.append(fact)


def picky(agency, trouble, *refused):
    agency.messenger = agency.scheduler._telling._messenger = Picky(trouble, *refused)


async def test_with_nothing_to_do_there_is_nothing_to_come_back_for():
    agency = Agency()
    before = agency.work.commits
    assert await agency.scheduler.tick(NOW) is None
    assert agency.work.commits == before


@pytest.mark.parametrize("what", ["look", "button", "fact"])
async def test_it_comes_back_for_whatever_is_due_next(what):
    agency = Agency()
    if what == "look":
        due = (await agency.linked()).due_at
    elif what == "button":
        due = (await agency.ask(await agency.client())).invitation.expires_at
    else:
        due = NOW + timedelta(minutes=1)
        await add(agency, a_fact(at=due))
    assert await agency.scheduler.tick(NOW) == due


async def test_a_removal_is_handled_and_told_in_one_tick_and_looked_into_next():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.always("prove", PlatformDown("500"))
    await agency.notices.receive(a_notice(account_ids=connection.account.known_as()))
    await agency.scheduler.tick(NOW)
    kinds = [fact.kind for fact in agency.messenger.told]
    assert kinds == [FactKind.CONNECTION_MOVED, FactKind.INCIDENT_CHANGED]
    assert agency.tiktok.calls == []
    await agency.scheduler.tick(agency.clock.turn(seconds=AFTERWARDS.seconds))
    assert agency.tiktok.calls == ["prove"]


async def test_news_waits_for_no_look():
    agency = Agency()
    connection = await agency.linked()
    await agency.notices.receive(a_notice(account_ids=connection.account.known_as()))
    assert await agency.scheduler.news(NOW) > NOW
    assert (len(agency.messenger.told), agency.tiktok.calls) == (2, [])


async def test_what_a_look_finds_is_told_in_the_same_tick():
    agency = Agency()
    await agency.linked()
    agency.tiktok.sign_in("velo.fanpage")
    await agency.scheduler.tick(agency.clock.turn(PROBE_EVERY))
    kinds = [fact.kind for fact in agency.messenger.told]
    assert kinds == [FactKind.CONNECTION_MOVED, FactKind.INCIDENT_CHANGED]


async def test_an_invitation_times_out_in_the_tick():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.scheduler.tick(agency.clock.turn(INVITATION_LIFE))
    assert agency.invitation(asked).step is InvitationStep.TIMED_OUT
    assert [fact.kind for fact in agency.messenger.told] == [FactKind.INVITATION_SETTLED]


async def test_news_is_told_once():
    agency = Agency()
    await add(agency, a_fact(id="fa_1"))
    await agency.scheduler.tick(NOW)
    await agency.scheduler.tick(NOW)
    assert told(agency) == ["fa_1"]


async def test_two_processes_tell_it_once():
    agency = Agency()
    other = agency.another()
    await add(agency, *(a_fact(id=f"fa_{n}") for n in range(5)))
    await asyncio.gather(agency.scheduler.tick(NOW), other.scheduler.tick(NOW))
    assert sorted(told(agency) + told(other)) == [f"fa_{n}" for n in range(5)]


@pytest.mark.parametrize("trouble", [PlatformDown("500"), RuntimeError("a bug")])
async def test_news_that_could_not_be_told_is_told_later(trouble):
    agency = Agency()
    agency.messenger.failing = trouble
    await add(agency, a_fact(id="fa_1"))
    due = await agency.scheduler.tick(NOW)
    agency.messenger.failing = None
    await agency.scheduler.tick(due)
    assert (due, told(agency)) == (NOW + FIRST_RETRY, ["fa_1"])


async def test_news_that_cannot_be_told_for_long_is_tried_ever_less_often():
    agency = Agency()
    agency.messenger.failing = PlatformDown("500")
    await add(agency, a_fact())
    at, waits = NOW, []
    for _ in range(40):
        due = await agency.scheduler.tick(at)
        waits.append(due - at)
        at = due
    assert waits == sorted(waits)
    assert waits[-1] == LAST_RETRY


async def test_slack_that_asks_to_wait_is_waited_for():
    agency = Agency()
    agency.messenger.failing = Throttled("rate_limited", until=NOW + timedelta(minutes=2))
    await add(agency, a_fact())
    assert await agency.scheduler.tick(NOW) == NOW + timedelta(minutes=2)


async def test_slack_that_asks_to_wait_until_the_past_is_not_asked_at_once():
    agency = Agency()
    agency.messenger.failing = Throttled("rate_limited", until=NOW - timedelta(minutes=2))
    await add(agency, a_fact())
    assert await agency.scheduler.tick(NOW) == NOW + SOONEST


async def test_what_follows_on_untold_news_of_the_same_thing_waits_with_it():
    agency = Agency()
    picky(agency, PlatformDown("500"), "fa_1")
    await add(agency, a_fact(id="fa_1", subject="cn_1"), a_fact(id="fa_2", subject="cn_1"), a_fact(id="fa_3"))
    await agency.scheduler.tick(NOW)
    assert told(agency) == ["fa_3"]


async def test_a_workspace_that_is_slow_to_tell_keeps_no_other_waiting():
    agency = Agency()
    done = asyncio.Event()

    class Slow:
        async def tell(self, fact):
            await (done.wait() if fact.workspace != OUTSIDE else asyncio.sleep(0))
            done.set()

    agency.scheduler._telling._messenger = Slow()
    await add(agency, a_fact(), a_fact(workspace=OUTSIDE))
    assert await asyncio.wait_for(agency.scheduler.tick(NOW), 5) is None


async def test_a_client_that_is_slow_to_tell_keeps_no_other_waiting_and_its_own_news_in_order():
    agency, began, ended, others = Agency(), [], [], asyncio.Event()

    class Slow:
        async def tell(self, fact):
            began.append(fact.id)
            if fact.client_id == "cl_slow":
                await others.wait()
            elif fact.id == "fa_4":
                others.set()
            ended.append(fact.id)

    agency.scheduler._telling._messenger = Slow()
    slow = [a_fact(id=f"fa_{n}", client_id="cl_slow", subject=f"cn_{n}") for n in range(3)]
    await add(agency, *slow, *(a_fact(id=f"fa_{n}", client_id="cl_quick", subject="cn") for n in (3, 4)))
    assert await asyncio.wait_for(agency.scheduler.tick(NOW), 5) is None
    assert began == ["fa_0", "fa_3", "fa_4", "fa_1", "fa_2"]
    assert ended == ["fa_3", "fa_4", "fa_0", "fa_1", "fa_2"]


async def test_a_broken_link_is_told_before_a_backlog_of_other_news():
    agency = Agency()
    backlog = [a_fact(client_id=f"cl_{n}", at=NOW - timedelta(hours=1)) for n in range(2 * FACTS_AT_ONCE)]
    await add(agency, *backlog)
    await add(agency, a_fact(id="fa_before", client_id="cl_broken", subject="cn_broken"))
    await add(agency, a_fact(id="fa_broken", client_id="cl_broken", subject="ic", details={URGENT: YES}))
    await agency.scheduler.tick(NOW)
    order = told(agency)
    assert order.index("fa_before") < order.index("fa_broken") < 2 * LANES, (
        "in the order in which it happened"
    )


async def test_an_alert_of_a_broken_link_is_urgent_and_no_other_news_is():
    agency = Agency()
    connection = await agency.linked()
    await agency.notices.receive(a_notice(account_ids=connection.account.known_as()))
    await agency.scheduler.news(NOW)
    assert [fact.is_urgent for fact in agency.messenger.told] == [False, True]


async def test_a_batch_of_news_is_bounded_and_the_rest_is_due_at_once():
    agency = Agency()
    await add(agency, *(a_fact() for _ in range(2 * FACTS_AT_ONCE + 1)))
    assert await agency.scheduler.tick(NOW) == NOW
    assert len(agency.messenger.told) == 2 * FACTS_AT_ONCE


async def failing(*_):
    raise ConnectionError("the database is away")


@pytest.mark.parametrize(
    ("part", "verb"),
    [
        ("notices", "handle_due"),
        ("linking", "settle_overdue"),
        ("watching", "look_at_due"),
        ("alerting", "attend_due"),
    ],
)
async def test_a_part_that_fails_stops_no_other_and_is_not_tried_again_at_once(part, verb, caplog):
    agency = Agency()
    await everything_due(agency)
    setattr(getattr(agency, part), verb, failing)
    at = agency.clock.turn(INVITATION_LIFE + PROBE_EVERY)
    assert await agency.scheduler.tick(at) >= at + PAUSE
    assert "fa_1" in told(agency)
    assert "a part of the tick failed" in caplog.text


async def everything_due(agency):
    """Something for each part to do, once a look is due."""
    await add(agency, a_fact(id="fa_1"))
    await agency.linked()
    client = await agency.client()
    await agency.ask(client)
    await agency.notices.receive(a_notice(account_ids=frozenset({"nobody"})))
    async with agency.work.writing() as unit:
        await unit.alarms.wake(client.workspace, client.id, NOW)
        await unit.commit()


async def test_a_part_with_nothing_due_is_left_alone():
    agency = Agency()
    agency.notices.handle_due = agency.watching.look_at_due = failing
    assert await agency.scheduler.tick(NOW) is None


async def test_what_a_crashed_process_held_is_come_back_to():
    agency = Agency()
    await agency.notices.receive(a_notice())
    async with agency.work.writing() as unit:
        await unit.notices.unhandled(NOW, owner="dead", until=NOW + PAUSE, limit=1)
        await unit.commit()
    assert await agency.scheduler.tick(NOW) == NOW + PAUSE


async def test_a_process_that_ends_begins_nothing_and_leaves_it_to_others():
    agency, at = Agency(), NOW + PROBE_EVERY
    await everything_due(agency)
    agency.clock.turn(PROBE_EVERY)
    agency.scheduler.drain()
    await agency.scheduler.tick(at)
    assert (agency.messenger.told, agency.tiktok.calls, agency.work.rows.leases) == ([], [], {})
    await agency.another().scheduler.tick(at)
    assert agency.tiktok.calls == ["prove"]


async def test_a_year_of_ticks_over_healthy_links_does_not_spin():
    agency = Agency()
    await agency.linked()
    at, ticks = NOW, 0
    while at < NOW + timedelta(days=30):
        agency.clock.turn(at - agency.clock.now())
        due = await agency.scheduler.tick(at)
        assert due > at
        at, ticks = due, ticks + 1
    assert ticks < 30 * 8
    assert agency.messenger.told == []


async def test_what_was_told_and_not_kept_is_kept_before_anything_else_is_due(monkeypatch):
    agency = Agency()
    await add(agency, a_fact())
    telling = agency.scheduler._telling
    with monkeypatch.context() as broken:
        broken.setattr(telling, "_write", failing)
        again = await agency.scheduler.tick(NOW)
    assert again == NOW + PAUSE
    await agency.scheduler.tick(again)
    assert not telling.is_behind
    assert await agency.scheduler.tick(again) is None, "its lease is over, too"
