"""What people have to hear of a post, as a line in its thread: who is rung, and whether the channel sees it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.views.delivery_view import current, line, needs_somebody
from bot.views.post_shapes import PostRow
from bot.views.posts_view import title
from bot.views.text import clip, esc, mention
from bot.views.words import dates
from bot.views.words import delivery as words
from core.domain.delivery import Delivery, DeliveryStep
from core.domain.post import PostStep

_REASON = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A line of the thread. `key` names what it is about where several facts tell the same."""

    text: str
    is_loud: bool = False
    key: str = ""


def news_of(row: PostRow, details: Mapping[str, str], *, alerted: Collection[str] = ()) -> News | None:
    """Return what to say about a change, None where the message itself says it all.

    `alerted` are the connections that have an alert of their own: that one rings, and posts refer to it.
    """
    change, by = details.get("change", ""), details.get("by", "")
    if change == "delivery":
        return _of_deliveries(row, details.get("delivery", ""), alerted)
    text = _of_request(row, change, by)
    return News(text=text, is_loud=change == "reminded") if text else None


def _of_request(row: PostRow, change: str, by: str) -> str:
    post, tally = row.post, row.tally
    who = mention([by]) if by else "Somebody"
    asked = _asked(row, by)
    match change:
        case "edited":
            waiting = _waiting(row)
            return f"{who} edited it: what was decided before doesn't count any more.{waiting}"
        case "withdrawn":
            return f"{asked}{who} withdrew it. Nothing more goes out."
        case "approved":
            when = post.content.publish_at
            goes = f"It goes out at {dates.moment(when)}." if when else "It goes out now."
            return f"{asked}approved by {mention(each.by for each in tally.approvals)}. {goes}"
        case "changes_requested" | "rejected" if tally.decided is not None:
            did = "asks for changes" if change == "changes_requested" else "rejected it"
            return f"{asked}{mention([tally.decided.by])} {did}:\n{_quoted(tally.decided.reason)}"
        case "expired":
            return f"{asked}nobody decided in time, so it expired. Nothing goes out."
        case "policy" if post.step is PostStep.REQUESTED and tally.waiting_for:
            return f"Who decides about this has changed.{_waiting(row)}"
        case "reminded" if post.step is PostStep.REQUESTED:
            ends = f" It expires at {dates.moment(post.expires_at)}." if post.expires_at else ""
            return f"{title(post)} still waits for a decision.{_waiting(row)}{ends}"
    return ""


def _asked(row: PostRow, by: str) -> str:
    """The mention that lets whoever asked hear the end, unless they did it themselves."""
    return f"{mention([row.post.by])}: " if row.post.by != by else ""


def _waiting(row: PostRow) -> str:
    return f" To decide: {mention(row.tally.waiting_for)}" if row.tally.waiting_for else ""


def _quoted(text: str) -> str:
    return "\n".join(f"> {esc(each)}" for each in clip(text, _REASON).splitlines())


def _of_deliveries(row: PostRow, delivery_id: str, alerted: Collection[str]) -> News | None:
    """What needs somebody at once, and the end once all of it is over."""
    deliveries = current(row)
    if row.post.step is not PostStep.APPROVED or not deliveries:
        return None
    moved = next((each for each in deliveries if each.id == delivery_id), None)
    if moved is not None and moved.step is DeliveryStep.MISSED:
        return _of_missed(row, moved, deliveries)
    if moved is not None and needs_somebody(moved):
        code = moved.obstacle.code if moved.obstacle else ""
        key = f"{moved.id} {moved.step} {code} {moved.stepped_at}"
        if moved.waits and moved.connection_id in alerted:
            return News(text=_of_alerted(row, moved), key=key)
        return News(text=f"{_rung(row)}\n{line(moved)}", is_loud=True, key=key)
    if all(_is_told(each) for each in deliveries):
        return _end(row, deliveries)
    return None


def _of_alerted(row: PostRow, moved: Delivery) -> str:
    """The link's alert rings the managers: here only whoever asked hears that their post waits for it."""
    asker = f"{mention([row.post.by])}: " if row.post.by not in row.client.managers else ""
    alert = words.ALERTED.format(channel=f"<#{row.client.channel}>")
    return f"{asker}{line(moved)}\n{alert}"


def _of_missed(row: PostRow, moved: Delivery, deliveries: Sequence[Delivery]) -> News | None:
    """One line for all that missed the same time: the first one's, whoever hears it finds the others in the message."""
    together = [
        each for each in deliveries if each.step is DeliveryStep.MISSED and each.leave_at == moved.leave_at
    ]
    if moved is not min(together, key=lambda each: (each.stepped_at or each.leave_at, each.id)):
        return None
    told = "\n".join(map(line, together))
    return News(text=f"{_rung(row)}\n{told}", is_loud=True, key=f"{row.post.digest} {moved.leave_at}")


def _rung(row: PostRow) -> str:
    """Whose matter it is, and which post: the channel reads this apart from the request."""
    return f"{mention(dict.fromkeys([row.post.by, *row.client.managers]))}: {title(row.post)}"


def _is_told(delivery: Delivery) -> bool:
    """True where nothing more is expected to be heard."""
    match delivery.step:
        case DeliveryStep.PUBLISHED:
            return delivery.is_all_told or bool(delivery.settled_by)
        case DeliveryStep.MISSED:
            return False
    return delivery.is_over


def _end(row: PostRow, deliveries: Sequence[Delivery]) -> News:
    lines = [f"{mention([row.post.by])}: this is how it ended."]
    lines += [line(each) for each in deliveries]
    key = " ".join(f"{each.id}:{each.step}" for each in deliveries)
    return News(text="\n".join(lines), key=f"end {key}")
