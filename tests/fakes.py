"""Stand-ins for the ports: a clock that is turned, a scripted platform, a messenger that remembers."""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.domain.account import Account, Platform
from core.domain.credentials import Credentials, Issued, Proof
from core.domain.errors import Trouble
from core.domain.fact import Fact
from core.domain.observation import Capability, Observation
from core.domain.waiting import Waiting
from core.ports import Permission, Traits
from storage.vault import VaultError
from tests.builders import EVERYTHING, NOW, an_account, credentials
from tests.memory import MemoryWork

Answer = TypeVar("Answer")

__all__ = [
    "FakeDirectory",
    "FakeQueue",
    "FrozenClock",
    "MemoryWork",
    "PlainVault",
    "RecordingMessenger",
    "ScriptedProvider",
    "traits",
]


class FrozenClock:
    """Time that stands still until it is turned."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def turn(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Turn time on, by a timedelta or its parts (`hours=3`); returns the new moment."""
        self._now += by or timedelta(**parts)
        return self._now


class PlainVault:
    """Keeps the Vault port's promises about accounts and purposes, without hiding anything."""

    def seal(self, clear: str, *, account: str, purpose: str) -> bytes:
        return f"plain\0{account}\0{purpose}\0{clear}".encode()

    def open(self, sealed: bytes, *, account: str, purpose: str) -> str:
        head = self.seal("", account=account, purpose=purpose)
        if not sealed.startswith(head):
            raise VaultError("Damaged, or sealed for another account or purpose.")
        return sealed.removeprefix(head).decode()

    def key_of(self, sealed: bytes) -> str:
        return sealed.decode().split("\0", 1)[0]


class RecordingMessenger:
    """Remembers what it was told. `failing` is raised instead while set."""

    def __init__(self) -> None:
        self.told: list[Fact] = []
        self.failing: Trouble | None = None

    async def tell(self, fact: Fact) -> None:
        if self.failing:
            raise self.failing
        self.told.append(fact)


class FakeQueue:
    """Knows how many posts wait for which connection."""

    def __init__(self) -> None:
        self.posts: dict[str, Waiting] = {}

    async def waiting(self, workspace: str, connection_id: str, *, since: datetime | None = None) -> Waiting:
        found = self.posts.get(connection_id, Waiting())
        is_later = since is None or (found.first_at is not None and found.first_at >= since)
        return found if is_later else Waiting()


class FakeDirectory:
    """Knows who administers which workspace, and who belongs to none."""

    def __init__(
        self, admins: Iterable[tuple[str, str]] = (), strangers: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.admins = set(admins)
        self.strangers = set(strangers)
        self.failing: Trouble | None = None

    async def is_admin(self, workspace: str, user: str) -> bool:
        if self.failing:
            raise self.failing
        return (workspace, user) in self.admins

    async def is_colleague(self, workspace: str, user: str) -> bool:
        if self.failing:
            raise self.failing
        return (workspace, user) not in self.strangers


def traits(platform: Platform, **changes: Any) -> Traits:
    """Return traits of a provider of this platform: TikTok can revoke and tells, Instagram neither."""
    tiktok = platform is Platform.TIKTOK
    given: dict[str, Any] = {
        "provider": str(platform),
        "platform": platform,
        "permissions": tuple(Permission(scope=f"{platform}.{each}", capability=each) for each in Capability),
        "offers": EVERYTHING,
        "sign_in_url": f"https://{platform}.test/login",
        "manage_url": f"https://{platform}.test/apps",
        "can_mint_client_link": False,
        "pushes_disconnect": tiktok,
        "knows_expiry": True,
        "can_revoke": tiktok,
        "has_dry_run": False,
        "replays_idempotently": False,
        "can_look_up": True,
    }
    return Traits(**given | changes)


class ScriptedProvider:
    """A platform on which everything works until `will` or `always` says otherwise.

    `account` is who signs in, `granted` what they tick. `calls` are the names of the calls made, in order.
    An answer that is an exception is raised.
    """

    def __init__(
        self, platform: Platform = Platform.TIKTOK, account: Account | None = None, **changes: Any
    ) -> None:
        self._traits = traits(platform, **changes)
        self.account = account or an_account(platform)
        self.granted: frozenset[Capability] = EVERYTHING
        self.calls: list[str] = []
        self.revoked: list[Credentials] = []
        self._next: defaultdict[str, deque[Any]] = defaultdict(deque)
        self._always: dict[str, Any] = {}

    def will(self, call: str, *answers: Any) -> None:
        """Script the next answers of a call, each used once."""
        self._next[call].extend(answers)

    def always(self, call: str, answer: Any) -> None:
        """Script every answer of a call that `will` has none for; None goes back to working."""
        self._always[call] = answer

    @property
    def traits(self) -> Traits:
        return self._traits

    def authorize_url(self, *, state: str, redirect_uri: str, needs: frozenset[Capability]) -> str:
        return f"https://{self._traits.platform}.test/authorize?state={state}&redirect_uri={redirect_uri}"

    async def exchange(self, *, code: str, redirect_uri: str, now: datetime) -> Issued:
        return self._answer("exchange", self._issued(now))

    async def refresh(self, credentials: Credentials, *, now: datetime) -> Issued:
        return self._answer("refresh", self._issued(now))

    async def revoke(self, credentials: Credentials) -> None:
        self._answer("revoke", None)
        self.revoked.append(credentials)

    async def prove(
        self, credentials: Credentials, *, needs: frozenset[Capability], named: str = ""
    ) -> Proof:
        return self._answer("prove", Proof(account=self.account, granted=self.granted & needs))

    async def visible_link(self, credentials: Credentials, other: Account) -> Observation:
        return self._answer("visible_link", Observation())

    def sign_in(self, handle: str) -> Account:
        """Let another account answer from now on."""
        self.account = an_account(self._traits.platform, handle=handle)
        return self.account

    def _issued(self, now: datetime) -> Issued:
        return Issued(
            credentials=credentials(issued_at=now), granted=self.granted, account_id=self.account.id
        )

    def _answer(self, call: str, default: Answer) -> Answer:
        self.calls.append(call)
        scripted: Answer | None = self._next[call].popleft() if self._next[call] else self._always.get(call)
        if isinstance(scripted, Exception):
            raise scripted
        return default if scripted is None else scripted
