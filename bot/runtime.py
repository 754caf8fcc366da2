"""A running bot: everything that the surfaces need, built by `bot.wiring` and nowhere else."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from slack_bolt.async_app import AsyncApp

from bot.listeners.desk import Desk
from bot.media_links import MediaLinks
from bot.metrics import Metrics
from bot.slack.authorize import Installations
from bot.slack.guard import Guard
from bot.slack.install import Install
from bot.slack.tasks import Tasks
from core.domain.webhook import Notice
from core.ports import Clock, MediaStore
from core.usecases.notices import Notices

Read = Callable[[Mapping[str, str], bytes, datetime], Notice | None]
"""Verifies a platform's message by its headers and raw body, then reads it. Raises Unverified."""


class Role(StrEnum):
    """What a process does: both halves, only what is reached over HTTP, or only what is due."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


class Unverified(Exception):
    """A message that its platform cannot be shown to have sent; `code` says which check failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The readers of what platforms send by themselves.

    `handshake` takes the query of Meta's subscription check and returns the challenge to answer. Raises Unverified.
    """

    tiktok: Read
    instagram: Read
    instagram_deauthorize: Read
    instagram_deletion: Read
    handshake: Callable[[Mapping[str, str]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How this process is; `problems` are sentences, empty where all is well."""

    problems: Sequence[str]
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """One process of the bot.

    `guard` is None in socket mode, `install` where one workspace is served by its bot token. `consent_pages` are
    the addresses of the platforms' consent pages, to which the connect page may send a form. `tick` is one pass of
    the scheduler, for whoever turns the clock of a process that doesn't tick by itself. `leave` says that the end is
    near: nobody should send requests any more, those that come are answered still. `measure` has the metrics show what
    waits in the database.
    """

    role: Role
    base_url: str
    clock: Clock
    desk: Desk
    notices: Notices
    letters: Letters
    slack: AsyncApp
    installations: Installations
    guard: Guard | None
    install: Install | None
    tasks: Tasks
    metrics: Metrics
    consent_pages: Sequence[str]
    media: MediaStore
    media_links: MediaLinks
    tick: Callable[[datetime], Awaitable[datetime | None]]
    health: Callable[[], Awaitable[Health]]
    readiness: Callable[[], Awaitable[Health]]
    measure: Callable[[], Awaitable[None]]
    start: Callable[[], Awaitable[None]]
    leave: Callable[[], None]
    stop: Callable[[], Awaitable[None]]

    def wake(self) -> None:
        """Have the scheduler look at once: something was committed that people want to know."""
        self.desk.wake()
