"""How one process starts, ends, and says in between how it is."""

import asyncio
from contextlib import AsyncExitStack

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.loop import Loop
from bot.metrics import MOST_DUE
from bot.runtime import Health, Role
from bot.slack.socket import Socket
from bot.slack.solo import Solo
from bot.wiring.media import MediaDesk
from bot.wiring.parts import Parts
from bot.wiring.upkeep import UNMIGRATED, make_ready
from core.usecases.publishing import Publishing
from storage.migrate import is_current

_log = structlog.get_logger(__name__)
DRAIN = 8.0
"""Seconds that work behind acks, and the present tick, get when the process ends.

Fewer than an answer of a platform is waited for: a call that hangs is cut off, and its work given back to others. A
renewal alone is waited for as long as its call may take, because what is issued may end what we hold.
"""
DATABASE_WAITS = 2.0


class Process:
    """Starts what a role needs, in order, and ends it in the other."""

    def __init__(
        self,
        parts: Parts,
        media: MediaDesk,
        publishing: Publishing,
        *,
        loop: Loop,
        solo: Solo | None,
        slack: Socket | None,
    ) -> None:
        self._parts = parts
        self._media = media
        self._publishing = publishing
        self._loop = loop if parts.role is not Role.WEB else None
        self._solo = solo
        self._socket = slack
        self._absence: str | None = "This process hasn't started yet."

    async def start(self) -> None:
        """Make the schema ready where it is ours to make, open sessions, begin. Raises Misconfigured."""
        await make_ready(self._parts.settings)
        await self._parts.adapters.api.start()
        if self._solo is not None:
            self._solo.start()
        if self._socket is not None:
            await self._socket.start()
        if self._loop is not None:
            self._loop.start()
        self._absence = None
        _log.info("started", role=self._parts.role, owner=self._parts.owner)

    def leave(self) -> None:
        """Be ready no more, and go on with everything until `stop`."""
        self._absence = "This process is about to end."

    async def stop(self) -> None:
        """Take nothing new, finish what was begun, close. What fails on the way keeps nothing else from its end."""
        self.leave()
        async with AsyncExitStack() as last_first:
            last_first.push_async_callback(self._parts.adapters.close)
            if self._solo is not None:
                last_first.push_async_callback(self._solo.stop)
            last_first.callback(self._media.close)
            last_first.push_async_callback(self._parts.tasks.drain, DRAIN)
            last_first.push_async_callback(self._media.drain)
            last_first.push_async_callback(self._publishing.drained, DRAIN)
            if self._loop is not None:
                last_first.push_async_callback(self._loop.stop, DRAIN)
            if self._socket is not None:
                last_first.push_async_callback(self._socket.stop)
        _log.info("stopped", role=self._parts.role)

    async def health(self) -> Health:
        """Whether this process lives and its scheduler ticks: what starting it again could mend, and nothing else."""
        return self._said(self._loop.problem if self._loop else None)

    async def readiness(self) -> Health:
        """Whether requests that come now are answered: started, not about to end, with a database and Slack."""
        return self._said(
            self._absence,
            await self._database(),
            self._solo.problem if self._solo else None,
            "The socket to Slack is down." if self._socket and not self._socket.is_up else None,
        )

    async def measure(self) -> None:
        """Have the metrics show what waits in the database now, or that it doesn't say."""
        metrics, now = self._parts.metrics, self._parts.clock.now()
        try:
            async with asyncio.timeout(DATABASE_WAITS), self._parts.adapters.work.reading() as unit:
                metrics.waits(await unit.backlog(now, most=MOST_DUE), await unit.next_wakes(), now)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            metrics.hidden()
            _log.warning("what waits can't be read", error=type(error).__name__)

    def _said(self, *problems: str | None) -> Health:
        return Health(
            problems=[each for each in problems if each],
            details={"role": self._parts.role, "time": self._parts.clock.now().isoformat()},
        )

    async def _database(self) -> str | None:
        try:
            async with asyncio.timeout(DATABASE_WAITS):
                return None if await is_current(self._parts.adapters.database) else UNMIGRATED
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return f"The database doesn't answer ({type(error).__name__})."
