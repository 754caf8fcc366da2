"""What the publisher asks of a platform: the steps of a delivery, each with its effect."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from core.domain.account import Account, Platform
from core.domain.credentials import Credentials
from core.domain.delivery import Audience, Blame, Obstacle, Ticket
from core.domain.post import Item, Target
from core.ports.media import MediaSource


class Act(StrEnum):
    """The calls of a delivery, as limits know them."""

    PREPARE = "prepare"
    UPLOAD = "upload"
    ASK = "ask"
    LOOK = "look"
    ALLOWANCE = "allowance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """At most `most` calls of `endpoint` in any `window`, per account; all processes share the count."""

    endpoint: str
    most: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """What is sent for one delivery. `urls` are our signed addresses of the items, for platforms that fetch."""

    target: Target
    caption: str
    items: tuple[Item, ...]
    urls: tuple[str, ...]


class Sight(StrEnum):
    """What looking after a delivery's last act shows.

    ABSENT: it has not happened, and asking once more with the same ticket cannot make it happen twice. GONE: it has
    not happened and never will with this ticket. UNKNOWN: looking can't tell.
    """

    ABSENT = "absent"
    GONE = "gone"
    PROCESSING = "processing"
    PUBLISHED = "published"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a platform shows of a delivery. `ids` and `permalink` as far as they are known yet; `sent` in bytes."""

    sight: Sight
    audience: Audience = Audience.NOBODY
    ids: tuple[str, ...] = ()
    permalink: str = ""
    obstacle: Obstacle | None = None
    sent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many posts an account may still send in the present window; None where the platform doesn't say."""

    left: int | None
    total: int | None


TICKET_GONE = "ticket_gone"
"""The code of a Final where a platform no longer takes anything for a ticket, and nothing has come of it."""


class Publisher(Protocol):
    """The publishing half of a provider. Raises the Trouble of `core.domain.errors` and nothing else.

    `source` opens one item by its place in the cargo; it is read in constant memory.
    """

    def blame(self, code: str) -> Blame:
        """Reads nothing: returns whose matter a platform's code is."""

    def paces(self, act: Act, cargo: Cargo) -> Sequence[Pace]:
        """Reads nothing: returns the limits that one such call counts against."""

    async def allowance(self, credentials: Credentials, account: Account) -> Allowance:
        """Reads how many posts the account may still send."""

    async def prepare(self, credentials: Credentials, account: Account, cargo: Cargo) -> Ticket:
        """Repeats safely: opens an upload or a container; nothing is to be seen by anybody."""

    def upload(
        self,
        credentials: Credentials,
        account: Account,
        cargo: Cargo,
        ticket: Ticket,
        source: MediaSource | None,
    ) -> AsyncGenerator[Ticket, None]:
        """Repeats safely: brings what is missing before the last act, yielding the ticket as it grows.

        Ends with `is_ready` False where the platform needs time: come back later. Raises Final with TICKET_GONE
        where the platform takes nothing for it any more: prepare anew.
        """

    async def ask(
        self,
        credentials: Credentials,
        account: Account,
        cargo: Cargo,
        ticket: Ticket,
        source: MediaSource | None,
    ) -> tuple[Ticket, Look]:
        """Once: the act that makes it public. Raises Unconfirmed where it may have happened.

        Any other Trouble means that it certainly did not happen, by this call or by one before; with the code
        TICKET_GONE that it never will by this ticket: prepare anew. The ticket comes back, because where one call
        is all there is, only now the platform names it.
        """

    async def look(self, credentials: Credentials, account: Account, cargo: Cargo, ticket: Ticket) -> Look:
        """Reads what became of a ticket after `ask`. Raises Passing where it can't be read now."""


Publishers = Mapping[Platform, Publisher]
"""The publisher in use for each platform."""
