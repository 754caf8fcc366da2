"""What a person's private message shows of each invitation: its button while that leads somewhere, else its outcome."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.views.link_view import WAITING, Part, PersonalLink, Result
from bot.views.text import handle
from bot.views.words.outcome import Attempt
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.invitation import Invitation, InvitationStep, LinkOutcome


class EntryShape(Protocol):
    """One invitation on a slip, as `core.usecases.slips` returns it."""

    @property
    def client(self) -> Client: ...
    @property
    def invitation(self) -> Invitation: ...
    @property
    def connection(self) -> Connection: ...
    @property
    def expected(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a slip is drawn, and when. `may_adopt`: they decide about accounts held aside."""

    base_url: str
    at: datetime
    may_adopt: bool = False


def parts_of(entries: Iterable[EntryShape], reader: Reader) -> list[Part]:
    """Return what there is to show; nothing of an invitation that ended without an outcome of its own."""
    parts = (_part(each, reader) for each in entries)
    return [each for each in parts if each is not None]


def awaits_decision(entries: Iterable[EntryShape]) -> bool:
    """True where some account is held aside until somebody decides."""
    return any(each.invitation.outcome in WAITING for each in entries)


def _part(entry: EntryShape, reader: Reader) -> Part | None:
    invitation = entry.invitation
    if invitation.is_open(reader.at) and invitation.token is not None:
        return _link(entry, f"{reader.base_url}/connect/{invitation.token.reveal()}", reader.at)
    has_run_out = invitation.step is InvitationStep.OPEN and not invitation.is_open(reader.at)
    outcome = LinkOutcome.TIMED_OUT if has_run_out else invitation.outcome
    if outcome is None:
        return None
    found = invitation.found
    attempt = Attempt(
        outcome=outcome,
        platform=invitation.platform,
        client=entry.client.name,
        found=found.handle if found else None,
        name=found.name if found else None,
        expected=entry.expected,
        missing=invitation.missing,
    )
    return Result(attempt=attempt, invitation=invitation, may_adopt=reader.may_adopt)


def _link(entry: EntryShape, url: str, at: datetime) -> PersonalLink:
    invitation, connection = entry.invitation, entry.connection
    known = connection.account
    return PersonalLink(
        platform=invitation.platform,
        invitation=invitation.id,
        url=url,
        relink=invitation.relink,
        expires_at=invitation.expires_at,
        account=handle(known.handle) if known else "",
        verdict=connection.verdict(at) if known else None,
        proved_at=connection.sides.proved_at,
    )
