"""Platforms as the use cases know them, with each call timed and its outcome counted."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from datetime import datetime
from time import perf_counter

from bot.metrics import Metrics
from core.domain.account import Account, Platform
from core.domain.credentials import Credentials, Issued, Proof
from core.domain.delivery import Blame, Ticket
from core.domain.errors import (
    Final,
    NeedsPerson,
    Passing,
    PlatformDown,
    Throttled,
    Trouble,
    Unconfirmed,
    Unreachable,
)
from core.domain.observation import Capability, Observation
from core.ports import (
    Act,
    Allowance,
    Cargo,
    Look,
    MediaSource,
    Pace,
    Provider,
    Providers,
    Publisher,
    Publishers,
    Traits,
)

_TROUBLES: Mapping[type[Trouble], str] = {
    Throttled: "throttled",
    Unreachable: "unreachable",
    PlatformDown: "platform_down",
    Passing: "passing",
    NeedsPerson: "needs_person",
    Final: "final",
    Unconfirmed: "unconfirmed",
}
"""Outcomes of calls, the narrower kinds first."""


def metered_providers(providers: Providers, metrics: Metrics) -> Providers:
    """Return the providers, each call of theirs counted."""
    return {platform: MeteredProvider(each, Meter(platform, metrics)) for platform, each in providers.items()}


def metered_publishers(publishers: Publishers, metrics: Metrics) -> Publishers:
    """Return the publishers, each call of theirs counted."""
    return {
        platform: MeteredPublisher(each, Meter(platform, metrics)) for platform, each in publishers.items()
    }


class Meter:
    """Times the calls to one platform."""

    def __init__(self, platform: Platform, metrics: Metrics) -> None:
        self._platform = platform
        self._calls = metrics.calls

    @contextmanager
    def timing(self, call: str) -> Iterator[None]:
        """Count the block as one call. What was given up halfway counts, too: as `given_up`."""
        began, outcome = perf_counter(), "given_up"
        try:
            yield
            outcome = "done"
        except Trouble as trouble:
            outcome = next((word for kind, word in _TROUBLES.items() if isinstance(trouble, kind)), "error")
            raise
        except Exception:
            outcome = "error"
            raise
        finally:
            self._calls.labels(self._platform, call, outcome).observe(perf_counter() - began)


class MeteredProvider:
    """Keeps the Provider port."""

    def __init__(self, provider: Provider, meter: Meter) -> None:
        self._provider = provider
        self._meter = meter

    @property
    def traits(self) -> Traits:
        return self._provider.traits

    def authorize_url(self, *, state: str, redirect_uri: str, needs: frozenset[Capability]) -> str:
        return self._provider.authorize_url(state=state, redirect_uri=redirect_uri, needs=needs)

    async def exchange(self, *, code: str, redirect_uri: str, now: datetime) -> Issued:
        with self._meter.timing("exchange"):
            return await self._provider.exchange(code=code, redirect_uri=redirect_uri, now=now)

    async def refresh(self, credentials: Credentials, *, now: datetime) -> Issued:
        with self._meter.timing("refresh"):
            return await self._provider.refresh(credentials, now=now)

    async def revoke(self, credentials: Credentials) -> None:
        with self._meter.timing("revoke"):
            await self._provider.revoke(credentials)

    async def prove(
        self, credentials: Credentials, *, needs: frozenset[Capability], named: str = ""
    ) -> Proof:
        with self._meter.timing("prove"):
            return await self._provider.prove(credentials, needs=needs, named=named)

    async def visible_link(self, credentials: Credentials, other: Account) -> Observation:
        with self._meter.timing("visible_link"):
            return await self._provider.visible_link(credentials, other)


class MeteredPublisher:
    """Keeps the Publisher port."""

    def __init__(self, publisher: Publisher, meter: Meter) -> None:
        self._publisher = publisher
        self._meter = meter

    def blame(self, code: str) -> Blame:
        return self._publisher.blame(code)

    def paces(self, act: Act, cargo: Cargo) -> Sequence[Pace]:
        return self._publisher.paces(act, cargo)

    async def allowance(self, credentials: Credentials, account: Account) -> Allowance:
        with self._meter.timing(Act.ALLOWANCE):
            return await self._publisher.allowance(credentials, account)

    async def prepare(self, credentials: Credentials, account: Account, cargo: Cargo) -> Ticket:
        with self._meter.timing(Act.PREPARE):
            return await self._publisher.prepare(credentials, account, cargo)

    async def upload(
        self,
        credentials: Credentials,
        account: Account,
        cargo: Cargo,
        ticket: Ticket,
        source: MediaSource | None,
    ) -> AsyncGenerator[Ticket, None]:
        """One call from the first byte to the last, whatever is written down in between."""
        with self._meter.timing(Act.UPLOAD):
            async with aclosing(
                self._publisher.upload(credentials, account, cargo, ticket, source)
            ) as tickets:
                async for each in tickets:
                    yield each

    async def ask(
        self,
        credentials: Credentials,
        account: Account,
        cargo: Cargo,
        ticket: Ticket,
        source: MediaSource | None,
    ) -> tuple[Ticket, Look]:
        with self._meter.timing(Act.ASK):
            return await self._publisher.ask(credentials, account, cargo, ticket, source)

    async def look(self, credentials: Credentials, account: Account, cargo: Cargo, ticket: Ticket) -> Look:
        with self._meter.timing(Act.LOOK):
            return await self._publisher.look(credentials, account, cargo, ticket)
