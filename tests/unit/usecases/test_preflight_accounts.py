"""What an account reports of itself counts for what we post, not for what its owner finishes in the inbox."""

import pytest

from core.domain.limits import AccountLimits
from core.domain.preflight import Draft, Verdict
from core.providers.limits import limit_sets
from core.usecases.preflight import Preflight
from tests.builders import NOW
from tests.fakes import FrozenClock
from tests.unit.domain.media import a_film

TEN_MINUTES = 600.0


def lasting(seconds):
    return a_film(video={"duration": seconds}, audio={"duration": seconds}, container={"duration": seconds})


@pytest.mark.parametrize(
    ("longest", "seconds", "direct", "inbox"),
    [
        (3_600, TEN_MINUTES + 1, Verdict.READY, Verdict.BLOCKED),
        (3_600, TEN_MINUTES, Verdict.READY, Verdict.WARNINGS),
        (60, 61.0, Verdict.BLOCKED, Verdict.READY),
    ],
)
def test_the_inbox_takes_ten_minutes_from_everybody(longest, seconds, direct, inbox):
    preflight = Preflight(probe=None, sets=limit_sets(), clock=FrozenClock())
    account = AccountLimits(handle="velowerk", seen_at=NOW, max_duration=longest)
    judged = [
        preflight.judge(
            [lasting(seconds)], draft=draft, targets=["tiktok.video"], accounts={"tiktok": account}
        )
        for draft in (Draft(), Draft(to_inbox=True))
    ]
    assert [each.verdict for each in judged] == [direct, inbox]
