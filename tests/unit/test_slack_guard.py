"""What the guard in front of Slack's requests remembers: each signature, for as long as it counts."""

from bot.slack.guard import TOLERANCE, Guard, Refused
from core.domain.secret import Secret
from sandbox.slack.app import SIGNING_SECRET
from sandbox.slack.bot import signed
from tests.fakes import FrozenClock

BODY, OTHER = b"command=%2Fcrosslink", b"command=%2Fother"
STEP = 30


def test_a_replay_is_known_whatever_came_in_between_and_however_early_it_was_signed():
    clock = FrozenClock()
    guard = Guard(secret=Secret(SIGNING_SECRET), clock=clock)
    ahead = signed(BODY, clock.now().timestamp() + TOLERANCE)
    assert guard.check(ahead, BODY) is None
    for _ in range(2 * TOLERANCE // STEP):
        at = clock.turn(seconds=STEP)
        assert guard.check(signed(OTHER, at.timestamp()), OTHER) is None
        assert guard.check(ahead, BODY) is Refused.REPLAYED
    clock.turn(seconds=1)
    assert guard.check(ahead, BODY) is Refused.STALE
