"""What the command line and Slack need for preflight."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import SystemClock
from core.media.local import LocalFile as LocalFile
from core.media.probe import IsolatedProbe
from core.providers.limits import limit_sets
from core.usecases.preflight import Preflight


@contextmanager
def open_preflight() -> Iterator[Preflight]:
    """A preflight with a media process of its own, which ends with the block. Needs no settings."""
    probe = IsolatedProbe()
    try:
        yield Preflight(probe=probe, sets=limit_sets(), clock=SystemClock())
    finally:
        probe.close()
