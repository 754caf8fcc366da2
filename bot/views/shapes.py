"""What views need of the use cases' answers, by shape: views know the domain, not who asked it.

`core.usecases.status` and `core.usecases.unlinking` return values of these shapes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.diagnosis import NextStep
from core.domain.link import LinkVerdict
from core.domain.observation import Capability
from core.domain.verdict import Verdict
from core.domain.waiting import Waiting


class TraitsShape(Protocol):
    """What a provider can do."""

    @property
    def offers(self) -> frozenset[Capability]: ...
    @property
    def manage_url(self) -> str: ...
    @property
    def can_revoke(self) -> bool: ...


class ConnectionRow(Protocol):
    """One connection, judged."""

    @property
    def connection(self) -> Connection: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def step(self) -> NextStep: ...
    @property
    def expected(self) -> str | None: ...
    @property
    def handle(self) -> str | None: ...
    @property
    def traits(self) -> TraitsShape: ...


class ClientRow(Protocol):
    """A client's pair. A platform nobody was asked to link maps to None."""

    @property
    def client(self) -> Client: ...
    @property
    def link(self) -> LinkVerdict: ...
    @property
    def connections(self) -> Mapping[Platform, ConnectionRow | None]: ...
    @property
    def at(self) -> datetime: ...


class PlanShape(Protocol):
    """What an unlink will do."""

    @property
    def client(self) -> Client: ...
    @property
    def connections(self) -> Sequence[Connection]: ...
    @property
    def can_revoke(self) -> Mapping[Platform, bool]: ...
    @property
    def manage_url(self) -> Mapping[Platform, str]: ...
    @property
    def posts(self) -> Mapping[Platform, Waiting]: ...
