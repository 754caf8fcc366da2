"""Deciding about a request: approve, ask for changes, reject; and what its menu offers besides."""

from collections.abc import Mapping

from bot import ids
from bot.ids import (
    Action,
    AnywayValue,
    Callback,
    PostField,
    PostMore,
    PostMoreValue,
    PostValue,
    ReasonMeta,
)
from bot.listeners import sentences
from bot.listeners.post import begin_copy, begin_edit
from bot.listeners.posts import show_post, still_waiting
from bot.listeners.request import Request
from bot.listeners.table import Submission, Table
from bot.views.form import Answers
from bot.views.post_form import telling_modal
from bot.views.recheck_view import recheck_message
from bot.views.request_view import reason_modal, withdraw_modal
from bot.views.words.post_refusal import SENTENCES
from core.domain.approval import Outcome, seat
from core.domain.post import DecisionKind
from core.domain.recheck import Recheck
from core.domain.refusals import Refusal
from core.usecases.approving import Decided
from core.usecases.posts import PostView

_DONE = {
    DecisionKind.CHANGES_REQUESTED: "The request shows what should change, and who asked for it is told.",
    DecisionKind.REJECTED: "Rejected. The request shows why, and who asked for it is told.",
}
_TWICE = "You have approved this version already."
_APPROVED = "✅ Approved. The request shows how it goes on."
_COUNTED = "✅ Your approval counts. The request shows who else has to decide."
_LOOKING = "Looking once more whether anything changed…"
_WITHDRAWN = "Withdrawn. Nothing more goes out."
_TITLE = "Decision"


def register(table: Table) -> None:
    """Listen to the buttons and the menu of a request."""
    table.action(Action.APPROVE, approve, guests=True)
    table.action(Action.APPROVE_ANYWAY, approve_anyway, guests=True)
    table.action(Action.REQUEST_CHANGES, request_changes, guests=True)
    table.action(Action.REJECT, reject, guests=True)
    table.action(Action.POST_MORE, more, guests=True)
    sending = telling_modal("One moment…", _TITLE)
    reasoned = Submission(check=check, meanwhile=sending, work=decided)
    table.submission(Callback.POST_REASON, reasoned, guests=True)
    table.submission(Callback.POST_WITHDRAW, Submission(check=nothing, meanwhile=sending, work=withdrawn))


async def approve(request: Request) -> None:
    """Approve: the message shows it; what changed meanwhile is asked privately.

    Where the button stood in a private list or in Home, there is no message to show it: it is said there.
    """
    wish = request.read(PostValue)
    if request.view and not request.modal:  # looking takes longer than Slack lets a window be opened
        await request.show(telling_modal(_LOOKING, _TITLE))
    answer = await request.desk.approving.approve(
        request.person, wish.post, wish.digest, channel=request.channel
    )
    if isinstance(answer, Recheck):
        await request.say(recheck_message(answer, request.channel))
        return
    request.desk.wake()
    if request.is_private:
        await still_waiting(request, _done(answer))
    elif request.modal or not answer.is_new:
        await request.say(sentences.told(_done(answer)))


def _done(answer: Decided) -> str:
    if not answer.is_new:
        return _TWICE
    return _APPROVED if answer.tally.outcome is Outcome.APPROVED else _COUNTED


async def approve_anyway(request: Request) -> None:
    """Approve Anyway: a yes to exactly what was asked; something new is asked again."""
    wish = request.read(AnywayValue)
    answer = await request.desk.approving.approve(
        request.person, wish.post, wish.digest, channel=wish.channel, anyway=wish.changes
    )
    if isinstance(answer, Recheck):
        await request.answer(recheck_message(answer, wish.channel))
        return
    request.desk.wake()
    await request.answer(sentences.told(_done(answer)))


async def request_changes(request: Request) -> None:
    """Request Changes: asks what should change."""
    await _ask(request, DecisionKind.CHANGES_REQUESTED)


async def reject(request: Request) -> None:
    """Reject: asks why."""
    await _ask(request, DecisionKind.REJECTED)


async def _ask(request: Request, kind: DecisionKind) -> None:
    wish = request.read(PostValue)
    row = await request.desk.posts.of(request.workspace, wish.post)
    _may_decide(request, row)
    if not row.post.is_about(wish.digest):
        raise Refusal("post_changed", by=row.post.edited_by or row.post.by)
    meta = ReasonMeta(post=wish.post, digest=wish.digest, kind=kind, channel=request.channel)
    await request.show(reason_modal(kind, row.client.name, meta))


def _may_decide(request: Request, row: PostView) -> None:
    """Raise Refusal before somebody writes a reason in vain; deciding itself checks again."""
    right = seat(row.client, row.post, request.person, request.desk.clock.now())
    if isinstance(right, str):
        raise Refusal(right, client=row.client.name, managers=" ".join(row.client.managers))


async def check(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    reason = Answers(request.view).text(PostField.REASON).strip()
    return {} if reason else {PostField.REASON: SENTENCES["reason_missing"]}


async def decided(request: Request) -> None:
    """Write the decision down, and say so in the same modal."""
    meta = ids.read(ReasonMeta, request.view.get("private_metadata"))
    reason = Answers(request.view).text(PostField.REASON).strip()
    approving = request.desk.approving
    act = approving.reject if meta.kind is DecisionKind.REJECTED else approving.request_changes
    await act(request.person, meta.post, meta.digest, reason, channel=meta.channel)
    request.desk.wake()
    await request.show(telling_modal(_DONE[meta.kind], _TITLE))


async def more(request: Request) -> None:
    """What a request's menu offers. To guests that is its details."""
    wish = request.read(PostMoreValue)
    if request.person.is_outsider and wish.act is not PostMore.DETAILS:
        raise Refusal("outsider")
    match wish.act:
        case PostMore.EDIT:
            await begin_edit(request, PostValue(post=wish.post, digest=wish.digest))
        case PostMore.WITHDRAW:
            await ask_to_withdraw(request, PostValue(post=wish.post, digest=wish.digest))
        case PostMore.DETAILS:
            await show_post(request, wish.post)
        case PostMore.COPY:
            await begin_copy(request, wish.post)


async def ask_to_withdraw(request: Request, wish: PostValue) -> None:
    """Withdraw: asks those who may, as it ends what is on its way."""
    await request.desk.requesting.may_withdraw(request.person, wish.post)
    row = await request.desk.posts.of(request.workspace, wish.post)
    await request.show(withdraw_modal(row, wish))


async def nothing(_request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field: a yes has no fields."""
    return {}


async def withdrawn(request: Request) -> None:
    """Take the request back, and say so in the same modal."""
    wish = ids.read(PostValue, request.view.get("private_metadata"))
    await request.desk.requesting.withdraw(request.person, wish.post)
    request.desk.wake()
    await request.show(telling_modal(_WITHDRAWN, _TITLE))
