"""What the use cases ask of a platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.account import Account, Platform
from core.domain.credentials import Credentials, Issued, Proof
from core.domain.observation import Capability, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A scope we ask for, by its platform's name, and the capability that it opens."""

    scope: str
    capability: Capability


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a provider can do, as data. Screens and use cases follow it; nobody asks a provider's name.

    `sign_in_url` is where a person signs in to the right account first; `manage_url` where its owner removes
    the app. `offers` are the capabilities that exist there at all.
    """

    provider: str
    platform: Platform
    permissions: tuple[Permission, ...]
    offers: frozenset[Capability]
    sign_in_url: str
    manage_url: str
    can_mint_client_link: bool
    pushes_disconnect: bool
    knows_expiry: bool
    can_revoke: bool
    has_dry_run: bool
    replays_idempotently: bool
    can_look_up: bool

    def wanted(self, needs: frozenset[Capability]) -> frozenset[Capability]:
        """Return the part of what a client needs that this provider offers."""
        return needs & self.offers


class Provider(Protocol):
    """One road to accounts of one platform. Raises Trouble and nothing else.

    Every definitive answer against a connection is raised as NeedsPerson with the observation it amounts to.
    """

    @property
    def traits(self) -> Traits:
        """Reads what this provider can do."""

    def authorize_url(self, *, state: str, redirect_uri: str, needs: frozenset[Capability]) -> str:
        """Reads nothing: returns the platform's consent page for what is needed."""

    async def exchange(self, *, code: str, redirect_uri: str, now: datetime) -> Issued:
        """Once: spends an authorization code for credentials fit to be kept (never a short-lived stand-in)."""

    async def refresh(self, credentials: Credentials, *, now: datetime) -> Issued:
        """Once: renews credentials; the former ones may be dead afterwards, so store before use."""

    async def revoke(self, credentials: Credentials) -> None:
        """Repeats safely: ends the grant at the platform. Raises Final where the platform has no such call."""

    async def prove(
        self, credentials: Credentials, *, needs: frozenset[Capability], named: str = ""
    ) -> Proof:
        """Reads who answers, and tries each needed capability with a harmless read of its own.

        `named` is the id under which the token endpoint named the account when it issued these very credentials: a
        platform that has just said who it is need not be asked again. `Proof.granted` holds what answered. Raises
        NeedsPerson where nobody answers at all.
        """

    async def visible_link(self, credentials: Credentials, other: Account) -> Observation:
        """Reads whether this profile shows the other account's address; empty where it cannot be read."""


Providers = Mapping[Platform, Provider]
"""The provider in use for each platform."""
