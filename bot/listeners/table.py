"""Which listener takes which id: the one table behind the few listeners that Bolt knows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TypeVar

from bot.ids import Action, Callback, PostField, Shortcut
from bot.listeners.request import Request
from bot.views.blocks import Message, View
from core.domain.refusals import Refusal

T = TypeVar("T")
Listener = Callable[[Request], Awaitable[None]]
Instant = Callable[[str], Message]
"""Answers a subcommand in the ack itself, from its text alone."""
Check = Callable[[Request], Awaitable[Mapping[str, str]]]
"""Returns what is wrong with a submitted form: block id → sentence. Reads at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What happens when a modal is submitted: checked in the ack, shown as working, then done.

    Without `meanwhile` the modal closes: what follows shows behind it.
    """

    check: Check
    meanwhile: View | None
    work: Listener


@dataclass(slots=True)
class Table:
    """Filled by each task's `register`; an id has one listener.

    Messages stand in channels that guests share, so what isn't declared to be for `guests` refuses `outsider`: reading
    as well as changing. What is declared so says by itself which guests it is for.
    """

    instant: dict[str, Instant] = field(default_factory=dict)
    commands: dict[str, Listener] = field(default_factory=dict)
    actions: dict[str, Listener] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """Actions that only open an address: they want an ack and nothing else."""
    submissions: dict[str, Submission] = field(default_factory=dict)
    closings: dict[str, Listener] = field(default_factory=dict)
    shortcuts: dict[str, Listener] = field(default_factory=dict)
    events: dict[str, Listener] = field(default_factory=dict)
    lasting: dict[str, Listener] = field(default_factory=dict)
    """Events whose work is done before the ack: Slack repeats what we didn't manage."""

    def answer(self, word: str, instant: Instant) -> None:
        """Answer a subcommand in the ack."""
        _once(self.instant, word, instant)

    def command(self, word: str, listener: Listener, *, guests: bool = False) -> None:
        """Listen to a subcommand."""
        _once(self.commands, word, listener if guests else _agency_only(listener))

    def action(self, action: Action | PostField, listener: Listener, *, guests: bool = False) -> None:
        """Listen to a button or menu, or to a field whose changes are told as they are made."""
        _once(self.actions, action, listener if guests else _agency_only(listener))

    def link(self, action: Action) -> None:
        """Acknowledge a button that opens an address."""
        self.silent.add(action)

    def submission(self, callback: Callback, submission: Submission, *, guests: bool = False) -> None:
        """Listen to a modal's submit."""
        work = submission.work if guests else _agency_only(submission.work)
        _once(self.submissions, callback, replace(submission, work=work))

    def closing(self, callback: Callback, listener: Listener) -> None:
        """Listen to a modal's being closed without a submit."""
        _once(self.closings, callback, listener)

    def shortcut(self, shortcut: Shortcut, listener: Listener) -> None:
        """Listen to an entry of a message's menu."""
        _once(self.shortcuts, shortcut, _agency_only(listener))

    def event(self, name: str, listener: Listener) -> None:
        """Listen to an event of Slack's."""
        _once(self.events, name, listener)

    def durable(self, name: str, listener: Listener) -> None:
        """Listen to an event that must not be lost."""
        _once(self.lasting, name, listener)


def _agency_only(listener: Listener) -> Listener:
    @wraps(listener)
    async def act(request: Request) -> None:
        if request.person.is_outsider:
            raise Refusal("outsider")
        await listener(request)

    return act


def _once(table: dict[str, T], key: str, what: T) -> None:
    if key in table:
        raise ValueError(f"{key} has a listener already")
    table[key] = what
