"""What views need of the use cases' answers about posts, by shape: views know the domain, not who asked it.

`core.usecases.posts`, `composing`, `checking` and `approving` return values of these shapes.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from core.domain.account import Platform
from core.domain.approval import Tally
from core.domain.client import Client
from core.domain.composing import Count, Flaw
from core.domain.creator import Creator
from core.domain.delivery import Delivery
from core.domain.post import Decision, Post, Sender
from core.domain.preflight import Finding
from core.domain.rendition import Recipe
from core.domain.verdict import Block


class PostRow(Protocol):
    """A post with all that became of it, of all its contents, oldest first."""

    @property
    def post(self) -> Post: ...
    @property
    def client(self) -> Client: ...
    @property
    def deliveries(self) -> Sequence[Delivery]: ...
    @property
    def decisions(self) -> Sequence[Decision]: ...
    @property
    def tally(self) -> Tally: ...


class ComposerShape(Protocol):
    """What is known of a client's accounts when a form is shown."""

    @property
    def client(self) -> Client: ...
    @property
    def senders(self) -> Mapping[Platform, Sender]: ...
    @property
    def blocked(self) -> Mapping[Platform, Block]: ...
    @property
    def creator(self) -> Creator | None: ...
    @property
    def is_fresh(self) -> bool: ...


class JudgedShape(Protocol):
    """What preflight says of one form."""

    @property
    def findings(self) -> Sequence[Finding]: ...


class ReportShape(Protocol):
    """What preflight says, by form."""

    @property
    def targets(self) -> Mapping[str, JudgedShape]: ...


class PlanShape(Protocol):
    """What Fix would do."""

    @property
    def recipes(self) -> tuple[Recipe, ...]: ...
    @property
    def longest(self) -> float | None: ...
    @property
    def shortest(self) -> float: ...


class CheckedShape(Protocol):
    """A post and what stands against it."""

    @property
    def post(self) -> Post: ...
    @property
    def client(self) -> Client: ...
    @property
    def flaws(self) -> tuple[Flaw, ...]: ...
    @property
    def report(self) -> ReportShape | None: ...
    @property
    def plan(self) -> PlanShape | None: ...
    @property
    def counts(self) -> tuple[Count, ...]: ...
    @property
    def creator(self) -> Creator | None: ...
