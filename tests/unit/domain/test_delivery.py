"""Where a delivery may go from where, and how long it is tried."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.delivery import (
    BEFORE_ASKED,
    ENDS,
    LAWFUL,
    Audience,
    Blame,
    Delivery,
    DeliveryStep,
    Obstacle,
    Ticket,
)
from core.domain.patience import GRACE, LOOK_FOR, MOST_FAILURES, MOST_ROUNDS, NEVER_CAME
from core.domain.refusals import Unlawful
from core.domain.secret import Secret
from tests.builders import NOW, a_connection, a_delivery, a_post

PLATFORM = Obstacle(blame=Blame.PLATFORM, code="internal")
LIMIT = Obstacle(blame=Blame.LIMIT, code="quota")
REVOKED = Obstacle(blame=Blame.AUTHORIZATION, code="grant_gone")
MOVES = {
    "prepared": lambda each: each.prepared(Ticket(reference="p"), NOW),
    "prepared at once": lambda each: each.prepared(Ticket(is_ready=True), NOW),
    "carried": lambda each: each.carried(Ticket(is_ready=True), NOW),
    "carried a bit": lambda each: each.carried(Ticket(sent=1, total=2), NOW),
    "unready": lambda each: each.unready(NOW),
    "asking": lambda each: each.asking(NOW),
    "paused": lambda each: each.paused(NOW, "pace"),
    "anew": lambda each: each.anew(PLATFORM, NOW),
    "missed": lambda each: each.missed(NOW),
    "cancelled": lambda each: each.cancelled("U0", NOW),
    "unasked": lambda each: each.unasked(NOW),
    "processing": lambda each: each.processing(NOW),
    "doubted": lambda each: each.doubted(PLATFORM, NOW),
    "absent": lambda each: each.absent(NOW),
    "published": lambda each: each.published(Audience.PUBLIC, ("1",), "https://x.test/1", NOW),
    "followed": lambda each: each.followed(Audience.PUBLIC, (), "", NOW),
    "uncertain": lambda each: each.uncertain(PLATFORM, NOW),
    "settled": lambda each: each.settled("U0", NOW, published=True),
    "settled as gone": lambda each: each.settled("U0", NOW, published=False),
    "refused": lambda each: each.refused(PLATFORM, NOW),
    "wanted": lambda each: each.wanted("U0", NOW),
    "blocked": lambda each: each.blocked(REVOKED, NOW),
    "failed": lambda each: each.failed("http_500", NOW),
    "later": lambda each: each.later(NOW),
}


def at(step: DeliveryStep = DeliveryStep.QUEUED, **changes) -> Delivery:
    asked = NOW if step not in BEFORE_ASKED else None
    return a_delivery(
        a_post(), a_connection(), **{"step": step, "stepped_at": NOW, "asked_at": asked} | changes
    )


def test_the_table_names_every_step():
    assert set(LAWFUL) == set(DeliveryStep)


def test_only_what_is_before_the_act_can_be_cancelled():
    assert {each for each, ways in LAWFUL.items() if DeliveryStep.CANCELLED in ways} == BEFORE_ASKED | {
        DeliveryStep.MISSED
    }


@pytest.mark.parametrize(
    ("move", "step", "is_kept"),
    [
        ("asking", DeliveryStep.UPLOADED, True),
        ("unasked", DeliveryStep.ASKED, True),
        ("published", DeliveryStep.ASKED, False),
        ("uncertain", DeliveryStep.ASKED, False),
        ("refused", DeliveryStep.PREPARED, False),
        ("cancelled", DeliveryStep.PREPARED, False),
        ("missed", DeliveryStep.PREPARED, False),
    ],
)
def test_the_secret_address_is_kept_as_long_as_something_may_be_uploaded(move, step, is_kept):
    ticket = Ticket(reference="p", upload=Secret("https://upload.test/?secret"), is_ready=True)
    after = MOVES[move](at(step, ticket=ticket)).ticket
    assert after == (ticket if is_kept else replace(ticket, upload=None))


def test_it_is_asked_for_only_once_everything_is_there():
    assert [each for each, ways in LAWFUL.items() if DeliveryStep.ASKED in ways] == [DeliveryStep.UPLOADED]


def test_nothing_leads_out_of_published():
    assert LAWFUL[DeliveryStep.PUBLISHED] == frozenset()


@pytest.mark.parametrize("step", DeliveryStep)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_keeps_the_table_or_is_unlawful(step: DeliveryStep, move: str):
    before = at(step)
    try:
        after = MOVES[move](before)
    except Unlawful:
        return
    assert after.step is step or after.step in LAWFUL[step]
    assert after.fence == before.fence


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=30))
def test_whatever_happens_something_follows_or_it_is_over_or_a_person_is_asked(moves: list[str]):
    delivery = at()
    for move in moves:
        try:
            delivery = MOVES[move](delivery)
        except Unlawful:
            continue
    is_for_person = delivery.waits or delivery.step is DeliveryStep.UNCERTAIN
    assert delivery.due_at is not None or delivery.step in ENDS or is_for_person
    if delivery.step in {DeliveryStep.CANCELLED, DeliveryStep.MISSED, DeliveryStep.REFUSED}:
        assert delivery.due_at is None


def test_beginning_anew_ends():
    delivery = at(DeliveryStep.ASKED)
    for _ in range(MOST_ROUNDS):
        delivery = replace(delivery.anew(PLATFORM, NOW), step=DeliveryStep.ASKED)
    assert delivery.anew(PLATFORM, NOW).step is DeliveryStep.REFUSED


def test_tries_in_vain_grow_apart_and_end():
    delivery, pauses = at(), []
    while delivery.step is DeliveryStep.QUEUED:
        delivery = delivery.failed("http_500", NOW)
        pauses.append(delivery.due_at)
    assert delivery.step is DeliveryStep.REFUSED
    assert len(pauses) == MOST_FAILURES + 1
    assert pauses[0] < pauses[3] < pauses[6]


def test_trouble_is_shown_once_it_lasts():
    once = at().failed("http_500", NOW)
    assert once.obstacle is None
    assert once.failed("http_500", NOW).failed("http_500", NOW).obstacle == Obstacle(
        blame=Blame.PLATFORM, code="http_500"
    )


def test_what_failed_together_is_not_tried_together():
    assert len({at().failed("x", NOW).due_at for _ in range(10)}) > 1


class TestAbsent:
    def test_is_asked_again_only_after_a_while_and_several_looks(self):
        delivery = at(DeliveryStep.ASKED)
        soon = delivery.absent(NOW).absent(NOW).absent(NOW)
        assert soon.step is DeliveryStep.ASKED
        assert delivery.absent(NOW + NEVER_CAME).step is DeliveryStep.ASKED
        assert soon.absent(NOW + NEVER_CAME).step is DeliveryStep.UPLOADED

    def test_waits_for_a_person_where_the_platform_held_the_account_back(self):
        held = replace(at(DeliveryStep.ASKED), obstacle=REVOKED, looks=5).absent(NOW + NEVER_CAME)
        assert (held.step, held.waits) == (DeliveryStep.UPLOADED, True)

    def test_waits_on_where_the_clock_was_turned_back(self):
        assert at(DeliveryStep.ASKED, looks=9).absent(NOW - timedelta(days=1)).step is DeliveryStep.ASKED


class TestMissed:
    scheduled: ClassVar = {"leave_at": NOW + timedelta(hours=1), "due_at": NOW + timedelta(hours=1)}
    late = NOW + timedelta(hours=1) + GRACE + timedelta(seconds=1)

    def test_after_the_grace(self):
        assert at(**self.scheduled).is_missed(self.late)
        assert not at(**self.scheduled).is_missed(self.late - timedelta(seconds=2))

    def test_never_without_a_chosen_time(self):
        assert not at().is_missed(NOW + timedelta(days=9))

    def test_not_while_an_upload_goes_on(self):
        going = at(DeliveryStep.PREPARED, **self.scheduled | {"due_at": self.late})
        assert not going.is_missed(self.late)
        assert going.is_missed(self.late + GRACE + timedelta(seconds=1)), "nobody worked on it"

    def test_not_while_it_waits_for_its_turn(self):
        assert not at(**self.scheduled, obstacle=LIMIT).is_missed(self.late)

    def test_where_it_waited_for_a_relink(self):
        assert at(
            DeliveryStep.UPLOADED, **self.scheduled | {"due_at": self.late}, obstacle=REVOKED
        ).is_missed(self.late)

    def test_a_wait_for_a_person_ends_with_its_time(self):
        assert at(**self.scheduled).blocked(REVOKED, NOW).is_missed(self.late)
        assert at(**self.scheduled).blocked(REVOKED, NOW).due_at <= self.late
        assert at().blocked(REVOKED, NOW).due_at is None


class TestWithoutAnEnd:
    def test_processing_is_for_a_person_after_a_day(self):
        assert at(DeliveryStep.ASKED).processing(NOW + LOOK_FOR * 1.1).step is DeliveryStep.UNCERTAIN

    def test_nobody_answering_too(self):
        delivery = at(DeliveryStep.ASKED)
        assert delivery.failed("x", NOW + LOOK_FOR / 2).step is DeliveryStep.ASKED
        assert delivery.failed("x", NOW + LOOK_FOR * 1.1).step is DeliveryStep.UNCERTAIN
        assert delivery.blocked(REVOKED, NOW + LOOK_FOR * 1.1).step is DeliveryStep.UNCERTAIN

    def test_news_of_what_is_out_are_asked_for_a_day(self):
        out = at(DeliveryStep.ASKED).published(Audience.PENDING, (), "", NOW)
        assert out.due_at is not None
        assert out.followed(Audience.PENDING, (), "", NOW + LOOK_FOR * 1.1).due_at is None
        public = out.followed(Audience.PUBLIC, ("7",), "https://x.test/7", NOW)
        assert (public.due_at, public.audience) == (None, Audience.PUBLIC)
