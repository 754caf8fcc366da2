"""What the consent flows of both platforms share: decisions, one-time codes, and redirects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit

from multidict import MultiMapping

from sandbox import asked
from sandbox.clock import TurnableClock

LOOPBACK = ("127.0.0.1", "localhost")
Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of a consent page; the person can't untick a required one."""

    scope: str
    words: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person did on a consent page."""

    handle: str
    allowed: bool
    scopes: tuple[str, ...]


def read_decision(form: MultiMapping[object], permissions: Sequence[Permission], signed_in: str) -> Decision:
    """Read `account`, `scopes` (repeated) and `decision` of the posted form.

    Without `account` the signed-in one decides. The page always sends the required scopes, so a form without any
    `scopes` comes from a script that ticks everything. Raises AskedError for anything the page can't send.
    """
    fields = {"account": form.get("account", signed_in), "decision": form.get("decision", "")}
    decision = asked.choice(fields, "decision", ("allow", "cancel"))
    ticked = {str(scope) for scope in form.getall("scopes", [])}
    if foreign := ticked - {permission.scope for permission in permissions}:
        raise asked.AskedError(f"Nobody asked for the scope {min(foreign)!r}.")
    granted = [one.scope for one in permissions if not ticked or one.required or one.scope in ticked]
    return Decision(asked.text(fields, "account"), decision == "allow", tuple(granted))


@dataclass(frozen=True, slots=True)
class _Code(Generic[Payload]):
    payload: Payload
    expires: float


class Codes(Generic[Payload]):
    """Authorization codes: each can be spent once, before it expires."""

    def __init__(self, clock: TurnableClock) -> None:
        self._clock = clock
        self._open: dict[str, _Code[Payload]] = {}

    def issue(self, code: str, payload: Payload, seconds: float) -> str:
        self._open[code] = _Code(payload, self._clock.timestamp() + seconds)
        return code

    def spend(self, code: str) -> Payload | None:
        """What the code stands for; None when it is unknown, spent or expired."""
        found = self._open.pop(code, None)
        return found.payload if found and found.expires > self._clock.timestamp() else None


def returned(redirect_uri: str, answer: Mapping[str, str], fragment: str = "") -> str:
    """The registered redirect with the answer as its query."""
    parts = urlsplit(redirect_uri)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(answer), fragment))


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def twins(url: str) -> tuple[str, ...]:
    """The address itself and, on loopback, the same under the other usual name of this machine."""
    host = urlsplit(url).hostname
    if host not in LOOPBACK:
        return (url,)
    return tuple(url.replace(f"//{host}", f"//{name}", 1) for name in LOOPBACK)


def bearer(header: str) -> str:
    """The token of an Authorization header, "" without one."""
    kind, _, token = header.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
