"""What is written down of a delivery's way, and what nobody would ask about."""

from dataclasses import replace
from datetime import timedelta

from core.domain.chronicle import passage_of
from core.domain.delivery import Audience, Blame, Obstacle, Ticket
from tests.builders import NOW, a_connection, a_delivery, a_post

NEW = a_delivery(a_post(), a_connection())
LATER = NOW + timedelta(minutes=1)


def test_a_step_names_the_one_before_and_the_platforms_name_for_it():
    prepared = NEW.prepared(Ticket(reference="v_pub_1", total=10), LATER)
    entry = passage_of(NEW, prepared, at=LATER)
    assert entry is not None
    assert (entry.before, entry.what, entry.reference, entry.is_step) == (
        "queued",
        "prepared",
        "v_pub_1",
        True,
    )


def test_bytes_and_looks_are_not_worth_an_entry():
    prepared = NEW.prepared(Ticket(reference="v_pub_1", total=10), LATER)
    further = replace(prepared, ticket=replace(prepared.ticket, sent=5), looks=3, due_at=LATER, version=9)
    assert passage_of(prepared, further, at=LATER) is None


def test_coming_to_the_same_step_anew_is_an_entry():
    again = replace(NEW, stepped_at=LATER)
    assert passage_of(NEW, again, at=LATER) is not None


def test_what_it_waits_for_and_what_the_platform_tells_later_are_entries():
    held = NEW.paused(LATER, "pace", log_id="L1")
    entry = passage_of(NEW, held, at=NOW)
    assert entry is not None
    assert (entry.what, entry.is_step, entry.blame, entry.code, entry.log_id) == (
        "queued", False, "limit", "pace", "L1",
    )  # fmt: skip
    shown = replace(NEW, audience=Audience.PUBLIC, permalink="https://www.tiktok.com/@a/video/1")
    told = passage_of(NEW, shown, at=NOW)
    assert told is not None
    assert (told.audience, told.permalink) == ("public", shown.permalink)


def test_an_obstacle_that_is_gone_is_an_entry_without_one():
    held = replace(NEW, waits=True, obstacle=Obstacle(blame=Blame.AUTHORIZATION, code="190"))
    entry = passage_of(held, NEW, at=NOW)
    assert entry is not None
    assert (entry.waits, entry.code) == (False, "")
