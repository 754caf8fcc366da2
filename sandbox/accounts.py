"""Accounts of an emulated platform, and how a script changes one: every field is checked before any takes effect."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sandbox import asked, callbacks

APP = "Crosslink"
CONDITIONS = ("normal", "checkpoint", "restricted", "banned", "deleted")


@dataclass(slots=True, kw_only=True)
class Account:
    """What accounts on every platform have. Ids are derived from `birth`, the first handle: they survive a rename.

    `answers_as` is the first handle of the account that answers with this one's tokens, "" for itself. For an `ailing`
    one the platform answers what is its own fault, and says nothing about the account or its grant.
    """

    handle: str
    name: str
    condition: str = "normal"
    private: bool = False
    bio: str = ""
    bio_link: str | None = None
    webhooks: str = "deliver"
    answers_as: str = ""
    ailing: bool = False
    grant: "Grant | None" = None
    birth: str = field(init=False)

    def __post_init__(self) -> None:
        self.birth = self.handle

    @property
    def identity(self) -> str:
        """What ids are derived from."""
        return self.answers_as or self.birth

    def to_json(self, platform: str) -> dict[str, Any]:
        """What is true of it on any platform; the platform adds its own and the grants."""
        return {
            "platform": platform,
            "handle": self.handle,
            "name": self.name,
            "state": self.condition,
            "private": self.private,
            "linked": self.grant is not None,
            "visible_link": self.bio_link,
            "webhooks": self.webhooks,
        }

    def consent(self, scopes: tuple[str, ...], at: datetime) -> "Grant":
        """Consent to the app; a grant that still lives is renewed with these scopes instead of the old ones."""
        if self.grant is None:
            self.grant = Grant(scopes, at)
        self.grant.scopes, self.grant.since = scopes, at
        return self.grant

    def withdraw(self, why: str) -> bool:
        """End the grant; False when there is none."""
        if self.grant is None:
            return False
        self.grant.ended, self.grant = why, None
        return True

    def linked_grant(self) -> "Grant":
        """Raises AskedError when no app is linked."""
        if self.grant is None:
            raise asked.AskedError(f"No app is linked to {self.handle!r}.")
        return self.grant


def moment(timestamp: float | None) -> str | None:
    """A time of the epoch as scripts read it."""
    return None if timestamp is None else datetime.fromtimestamp(timestamp, UTC).isoformat()


@dataclass(slots=True, eq=False)
class Grant:
    """One consent of an account to our app. `ended` says why it is over, "" while it lives."""

    scopes: tuple[str, ...]
    since: datetime
    ended: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"app": APP, "scopes": list(self.scopes), "since": self.since.isoformat()}


AnAccount = TypeVar("AnAccount", bound=Account)
Act = Callable[[], None]
Change = Callable[[AnAccount, Mapping[str, Any]], Act]
"""Checks its field in the asked change and answers what to do about it. Raises AskedError."""


class Accounts(Generic[AnAccount]):
    """All accounts of one platform by handle, and the table of changes that scripts may ask for."""

    def __init__(self, seed: tuple[AnAccount, ...]) -> None:
        self._accounts = {account.handle: account for account in seed}

    def __iter__(self) -> Iterator[AnAccount]:
        return iter(self._accounts.values())

    def find(self, handle: str) -> AnAccount | None:
        return self._accounts.get(handle.removeprefix("@"))

    def get(self, handle: str) -> AnAccount:
        """Raises AskedError for an unknown handle."""
        if (account := self.find(handle)) is None:
            raise asked.AskedError(f"Nobody is called {handle!r}; known are {', '.join(self._accounts)}.")
        return account

    def add(self, account: AnAccount) -> AnAccount:
        """Somebody signs up. Raises AskedError for a handle that is taken or can't be one."""
        _check_handle(account.handle, self._accounts)
        self._accounts[account.handle] = account
        return account

    def present(self) -> list[AnAccount]:
        """Those who can still sign in."""
        return [account for account in self if account.condition != "deleted"]

    def change(
        self, account: AnAccount, body: Mapping[str, Any], extra: Mapping[str, Change[AnAccount]]
    ) -> None:
        """Apply the asked changes in the order they came, all or none. `extra` adds to or replaces the common ones."""
        table: dict[str, Change[AnAccount]] = {**self._common(), **extra}
        asked.only(body, table)
        if not body:
            raise asked.AskedError(f"Nothing to change; known are {', '.join(sorted(table))}.")
        for act in [table[name](account, body) for name in body]:
            act()

    def _common(self) -> dict[str, Change[AnAccount]]:
        return {
            "rename": self._rename,
            "private": lambda account, body: setting(account, "private", asked.flag(body, "private")),
            "ailing": lambda account, body: setting(account, "ailing", asked.flag(body, "ailing")),
            "name": lambda account, body: setting(account, "name", asked.text(body, "name")),
            "bio": lambda account, body: setting(account, "bio", asked.text(body, "bio")),
            "bio_link": _bio_link,
            "answers_as": lambda account, body: setting(
                account, "answers_as", asked.text(body, "answers_as")
            ),
            "webhooks": lambda account, body: setting(
                account, "webhooks", asked.choice(body, "webhooks", callbacks.MODES)
            ),
        }

    def _rename(self, account: AnAccount, body: Mapping[str, Any]) -> Act:
        wanted = asked.text(body, "rename").removeprefix("@")
        _check_handle(wanted, self._accounts)

        def act() -> None:
            self._accounts = {wanted if one is account else one.handle: one for one in self}
            account.handle = wanted

        return act


def _check_handle(wanted: str, taken: Collection[str]) -> None:
    if not wanted or not all(sign.isalnum() or sign in "._" for sign in wanted):
        raise asked.AskedError("A handle has letters, digits, dots and underscores only.")
    if wanted in taken:
        raise asked.AskedError(f"The handle {wanted!r} is taken.")


def setting(account: Account, name: str, value: object) -> Act:
    """The act of setting one attribute."""
    return lambda: setattr(account, name, value)


def certainly(body: Mapping[str, Any], name: str) -> None:
    """For acts that can't be undone: the field must be true. Raises AskedError."""
    if asked.flag(body, name) is not True:
        raise asked.AskedError(f"Field {name!r} can only be true.")


def untick(account: Account, body: Mapping[str, Any], required: Collection[str] = ()) -> Act:
    """Withdraw the scopes listed in `untick` from a living grant. Raises AskedError for one it doesn't have."""
    scopes, grant = asked.texts(body, "untick"), account.linked_grant()
    for scope in scopes:
        if scope not in grant.scopes:
            raise asked.AskedError(f"The app doesn't have the scope {scope!r}.")
        if scope in required:
            raise asked.AskedError(f"{scope} can't be withdrawn; remove the app instead.")
    left = tuple(scope for scope in grant.scopes if scope not in scopes)
    return lambda: setattr(grant, "scopes", left)


def _bio_link(account: Account, body: Mapping[str, Any]) -> Act:
    wanted = None if body.get("bio_link") is None else asked.text(body, "bio_link")
    return setting(account, "bio_link", wanted)
