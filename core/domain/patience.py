"""How long and how often a delivery is tried: between tries, between looks, and after its time."""

from datetime import timedelta
from zlib import crc32

GRACE = timedelta(minutes=15)
"""How much later than planned a post may still leave without anybody being asked."""
LOOK_FOR = timedelta(hours=24)
"""How long we look for what became of an act, and for what a platform will still tell of a post."""
NEVER_CAME = timedelta(minutes=2)
"""How long an act has to be absent before it is asked for again: longer than a platform sits on what it took."""

MOST_FAILURES = 30
"""Tries in vain at one step, more than four hours of them, after which a person decides whether to go on."""
TOLD_AFTER = 3
"""Tries in vain after which people see that something holds a post up."""
MOST_ROUNDS = 5
"""How often a delivery begins anew by itself."""
LOOKS_IN_VAIN = 3
"""How often an act has to be absent, for as long as NEVER_CAME, before it is asked for again."""
A_MOMENT = timedelta(seconds=1)

FIRST_RETRY, LAST_RETRY = timedelta(seconds=5), timedelta(minutes=10)
SOONEST_LOOK, LATEST_LOOK = timedelta(seconds=3), timedelta(minutes=2)
SOONEST_NEWS, LATEST_NEWS = timedelta(seconds=10), timedelta(minutes=30)
_DOUBLINGS = 10


def pause_of_retry(failures: int) -> timedelta:
    """Return the wait after so many tries in vain."""
    return min(FIRST_RETRY * (1 << min(failures, _DOUBLINGS)), LAST_RETRY)


def pause_of_look(since: timedelta) -> timedelta:
    """Return the wait before the next look at what was asked so long ago; a clock turned back makes it no longer."""
    return min(max(since / 4, SOONEST_LOOK), LATEST_LOOK)


def pause_of_news(since: timedelta) -> timedelta:
    """Return the wait before asking again what a platform adds to a post that went out so long ago."""
    return min(max(since / 4, SOONEST_NEWS), LATEST_NEWS)


def spread(pause: timedelta, key: str) -> timedelta:
    """Return a pause of this key's own, a fifth shorter or longer: what failed together is not tried together."""
    return pause * (0.8 + crc32(key.encode()) % 1000 / 1000 * 0.4)
