"""Every way in which the sides can disagree: found, named with what is so there and what is so here, and given its steps."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.views.words import connection as words
from bot.views.words.names import PLATFORM
from bot.views.words.unlink import TAPS
from core.domain.account import Platform
from core.domain.diagnosis import NextStep, next_step
from core.domain.link import LinkReason, link_state
from core.domain.observation import Grant, Observation, Standing, Visible, Wanted
from core.domain.verdict import Reason, State, judge
from tests.builders import NOW, a_linked_connection

LATER = NOW + timedelta(minutes=1)

WAYS = [
    (
        "removed in the platform's settings while we hold tokens",
        Observation(grant=Grant.WITHDRAWN),
        Reason.REMOVED_AT_PLATFORM,
        NextStep.RELINK,
    ),
    (
        "unlinked with us while the grant lives",
        Observation(wanted=Wanted.UNLINKED),
        Reason.UNLINK_UNPROVED,
        NextStep.FINISH_UNLINK,
    ),
    (
        "a permission unticked later",
        Observation(grant=Grant.NARROWED),
        Reason.PERMISSION_WITHDRAWN,
        NextStep.RELINK_WITH_ALL_PERMISSIONS,
    ),
    (
        "the profile's link hidden while the grant lives",
        Observation(visible=Visible.HIDDEN),
        Reason.PROFILE_LINK_HIDDEN,
        NextStep.SHOW_PROFILE_LINK,
    ),
    (
        "another account answering",
        Observation(account=Standing.CHANGED),
        Reason.OTHER_ACCOUNT_ANSWERS,
        NextStep.RELINK,
    ),
]
NAMES = [way for way, *_ in WAYS]


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize(("_way", "seen", "reason", "step"), WAYS, ids=NAMES)
def test_is_found_named_with_both_sides_and_given_its_steps(_way, seen, reason, step, platform):
    connection = a_linked_connection(platform=platform).observed(seen, at=LATER, now=LATER)
    verdict = connection.verdict(LATER)
    assert (verdict.state, verdict.reason) == (State.PARTIALLY_REVOKED, reason)
    said = words.reason(reason, platform)
    assert PLATFORM[platform] in said
    assert re.search(r"\bhere\b", said.casefold())
    assert "let go" not in said
    assert next_step(verdict) is step
    assert PLATFORM[platform] in words.step(step, platform)


def test_what_we_let_go_of_alone_says_so_and_leads_to_the_platforms_own_page():
    gone = a_linked_connection().erased(LATER)
    kept = replace(gone.sides, wanted=Wanted.UNLINKED, grant=Grant.PRESENT)
    verdict = judge(kept, LATER)
    assert (verdict.state, verdict.reason) == (State.PARTIALLY_REVOKED, Reason.WE_LET_GO)
    assert words.reason(verdict.reason, Platform.TIKTOK) == (
        "We no longer have access, but TikTok still lists Crosslink among the account's apps."
    )
    assert next_step(verdict) is NextStep.FINISH_UNLINK


@pytest.mark.parametrize("platform", Platform)
def test_the_taps_that_finish_it_are_that_platforms_own(platform):
    assert len(TAPS[platform]) >= 3
    assert PLATFORM[platform] in TAPS[platform][0]


def test_the_other_platform_of_the_pair_gone_is_named():
    linked = a_linked_connection().verdict(NOW)
    closed = replace(linked, state=State.CLOSED, reason=Reason.ENDED)
    pair = link_state(closed, linked)
    assert (pair.state, pair.reason) == (State.PARTIALLY_REVOKED, LinkReason.ONE_UNLINKED)
    assert words.pair(pair) == "TikTok is unlinked, but Instagram is still linked."
