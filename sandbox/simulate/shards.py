"""Several agencies beside each other, one to a process: each has its own bot, sandbox, clock and database."""

import asyncio
import gc
import logging
import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from time import perf_counter

from sandbox.simulate.figures import Figures, together

SMALLEST = 50
"""Accounts below which another process isn't worth its start."""
STEP = 0.002
"""How much of a run lies between two words about its progress."""

GARBAGE = 50_000
"""Objects between two collections: almost all of them die by themselves, and looking through them costs a tenth."""

Progress = Callable[[int, str, float], None]
"""Is told how far a shard is: its number, what is going on, the share that is done."""


class CrashedError(Exception):
    """A shard ended without its figures."""


def simulate(accounts: int, days: int, seed: str, processes: int, progress: Progress) -> Figures:
    """Play `days` of as many accounts, spread over processes. Raises CrashedError."""
    sizes = list(_sizes(accounts, min(processes, max(1, accounts // SMALLEST))))
    context = multiprocessing.get_context("spawn")
    ends: dict[Connection, int] = {}
    for number, size in enumerate(sizes):
        ours, theirs = context.Pipe(duplex=False)
        # A daemon ends with us, also when we are interrupted.
        context.Process(target=_play, args=(size, days, f"{seed}/{number}", theirs), daemon=True).start()
        theirs.close()
        ends[ours] = number
    return together(_collect(ends, progress))


def _sizes(accounts: int, shards: int) -> Iterator[int]:
    """Whole pairs to each shard."""
    pairs, left = divmod((accounts + 1) // 2, shards)
    for number in range(shards):
        size = 2 * (pairs + (number < left))
        yield min(size, accounts)
        accounts -= size


def _collect(ends: dict[Connection, int], progress: Progress) -> Iterator[Figures]:
    while ends:
        for end in wait(list(ends)):
            assert isinstance(end, Connection)
            try:
                told = end.recv()
            except EOFError:
                raise CrashedError(f"Shard {ends[end]} ended before its time.") from None
            if isinstance(told, Figures):
                del ends[end]
                yield told
            else:
                progress(ends[end], *told)


def _play(accounts: int, days: int, seed: str, end: Connection) -> None:
    """One shard, in a process of its own."""
    from sandbox.simulate.year import Year  # noqa: PLC0415  who plays loads the emulators, not each start of the bot

    logging.disable(logging.ERROR)
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 100)
    steps = round(1 / STEP)
    told: set[tuple[str, int]] = set()

    def progress(what: str, done: float) -> None:
        step = what, int(done * steps)
        if step not in told:
            told.add(step)
            end.send((what, done))

    end.send(asyncio.run(Year(accounts, days, seed).run(progress)))
    end.close()


def timed(run: Callable[[], Figures]) -> tuple[Figures, float]:
    """Return what a run came to and how many minutes it took."""
    began = perf_counter()
    return run(), (perf_counter() - began) / 60
