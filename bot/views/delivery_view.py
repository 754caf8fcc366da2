"""What became of an approved post on each platform, and the one press that helps."""

from collections.abc import Sequence

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.post_shapes import PostRow
from bot.views.text import esc, listed, mention
from bot.views.words import dates
from bot.views.words import delivery as words
from bot.views.words.names import PLATFORM
from bot.views.words.post import FORM
from core.domain.delivery import Audience, Blame, Delivery, DeliveryStep, Obstacle
from core.domain.post import PostStep

NEEDS_SOMEBODY = frozenset({DeliveryStep.REFUSED, DeliveryStep.UNCERTAIN, DeliveryStep.MISSED})
"""What waits for a person's word."""
_UNSEEN = frozenset({Audience.NOBODY, Audience.PENDING})
_OUT, _CANCELLED = "is out{where}", "was cancelled{where}"
_IN_INBOX = "waits in the account's inbox{where}: its owner finishes it there"


def current(row: PostRow) -> list[Delivery]:
    """Return the deliveries of a post's present content."""
    return [each for each in row.deliveries if each.digest == row.post.digest]


def needs_somebody(delivery: Delivery) -> bool:
    """True where a delivery goes no further without a person."""
    return delivery.step in NEEDS_SOMEBODY or delivery.waits


def became(deliveries: Sequence[Delivery]) -> str:
    """Return what became of a post that went out somewhere: "is out", and where platforms differ, what is so on each.

    "" where nothing went out, or something isn't settled yet.
    """
    ends = {each.platform: _end(each) for each in deliveries}
    kinds = set(ends.values())
    if "" in kinds or kinds <= {_CANCELLED}:
        return ""
    told = []
    for end in (each for each in (_OUT, _CANCELLED, _IN_INBOX) if each in kinds):
        where = listed(PLATFORM[each] for each, own in ends.items() if own == end)
        told.append(end.format(where=f" on {where}" if len(kinds) > 1 else ""))
    return ", ".join(told)


def _end(delivery: Delivery) -> str:
    """What became of one delivery; "" while it goes on, or the platform still looks at it."""
    if delivery.step is DeliveryStep.CANCELLED:
        return _CANCELLED
    if delivery.step is not DeliveryStep.PUBLISHED or delivery.audience in _UNSEEN:
        return ""
    return _IN_INBOX if delivery.audience is Audience.INBOX else _OUT


def delivery_blocks(row: PostRow) -> list[Block]:
    """Each delivery: how far it is, what holds it up, what helps."""
    is_shown = row.post.step in {PostStep.APPROVED, PostStep.WITHDRAWN}
    return [block for each in current(row) if is_shown for block in _blocks(row, each)]


def _blocks(row: PostRow, delivery: Delivery) -> list[Block]:
    buttons = [each | {"block_id": delivery.id} for each in blocks.actions(*_buttons(row, delivery))]
    return [blocks.section(line(delivery)), *buttons]


def line(delivery: Delivery) -> str:
    """How far one delivery is, as Slack text."""
    mark = "🔴" if delivery.waits else words.mark(delivery)
    told = f"{mark} *{FORM[delivery.form]}*: {esc(words.progress(delivery))}"
    if delivery.permalink:
        told += f" · <{delivery.permalink}|See it on {PLATFORM[delivery.platform]}>"
    if delivery.settled_by and delivery.is_over:
        told += f" · {_settled(delivery)}"
    if delivery.step is DeliveryStep.QUEUED and delivery.is_scheduled and delivery.obstacle is None:
        told += f" for {dates.moment(delivery.leave_at)}"
    return "\n".join([told, *_why(delivery)])


def _settled(delivery: Delivery) -> str:
    """Who cancelled it, or looked what became of it."""
    by = mention([delivery.settled_by])
    return f"by {by}" if delivery.step is DeliveryStep.CANCELLED else f"{by} looked"


def _why(delivery: Delivery) -> list[str]:
    """What holds it up, whose code it is, and what to do."""
    found, told = delivery.obstacle, []
    if found is not None and _is_told_why(delivery):
        told.append(esc(words.obstacle(found, delivery.platform)) + _code(delivery))
    if delivery.step is DeliveryStep.UNCERTAIN:
        told.append(words.UNCERTAIN_HELP)
    elif delivery.step is DeliveryStep.MISSED:
        told.append(f"It was to go out at {dates.moment(delivery.leave_at)}. {words.MISSED_HELP}")
    elif found is not None and _is_told_what_helps(delivery, found):
        told.append(words.remedy(found, delivery.platform, is_over=delivery.is_over) + _when(delivery, found))
    return told


def _when(delivery: Delivery, found: Obstacle) -> str:
    """When it goes on, where it waits for room under a limit."""
    if found.blame is not Blame.LIMIT or delivery.waits or delivery.is_over or delivery.due_at is None:
        return ""
    return f" Next try at {dates.moment(delivery.due_at)}."


def _is_told_why(delivery: Delivery) -> bool:
    """An end needs no more words unless it is a refusal; a lost answer says nothing about the platform."""
    if delivery.step is DeliveryStep.ASKED:
        return delivery.waits
    return delivery.step is DeliveryStep.REFUSED or not delivery.is_over


def _is_told_what_helps(delivery: Delivery, found: Obstacle) -> bool:
    goes_on = found.blame in {Blame.LIMIT, Blame.PLATFORM} and delivery.may_be_cancelled
    return goes_on or delivery.waits or delivery.step is DeliveryStep.REFUSED


def _code(delivery: Delivery) -> str:
    """What a platform's support asks for, where it is a refusal."""
    found = delivery.obstacle
    if found is None or delivery.step not in {DeliveryStep.REFUSED, DeliveryStep.UNCERTAIN}:
        return ""
    parts = [found.code, f"log {found.log_id}" if found.log_id else ""]
    return f" _({esc(', '.join(filter(None, parts)))})_"


def _buttons(row: PostRow, delivery: Delivery) -> list[Element | None]:
    """What helps with one delivery; nothing where nobody can do anything."""
    name = FORM[delivery.form]
    value = ids.DeliveryValue(post=row.post.id, delivery=delivery.id)
    match delivery.step:
        case DeliveryStep.UNCERTAIN:
            return [
                blocks.button("It Is There", Action.DELIVERY_THERE, value, about=name),
                blocks.button("It Isn't There", Action.DELIVERY_ABSENT, value, about=name),
            ]
        case DeliveryStep.MISSED:
            return [
                blocks.button("Send Now", Action.DELIVERY_SEND, value, style="primary", about=name),
                blocks.button("Drop", Action.DELIVERY_DROP, value, about=name),
            ]
        case DeliveryStep.REFUSED:
            return [_again(delivery, value)]
        case _ if delivery.waits:
            return [_relink(delivery), _cancel(delivery, value) if delivery.may_be_cancelled else None]
        case _ if delivery.may_be_cancelled:
            return [_cancel(delivery, value)]
    return []


def _again(delivery: Delivery, value: ids.DeliveryValue) -> Element:
    found = delivery.obstacle
    if found is not None and found.code == words.SWAPPED:
        return blocks.button("Ask for a New Approval", Action.POST_COPY, value, about=FORM[delivery.form])
    if found is not None and found.blame is Blame.CONTENT:
        return blocks.button("Fix and Ask Again", Action.POST_COPY, value, about=FORM[delivery.form])
    return blocks.button("Try Again", Action.DELIVERY_AGAIN, value, about=FORM[delivery.form])


def _relink(delivery: Delivery) -> Element | None:
    """The account has to come back, or its owner has to do something at the platform; then a look shows it."""
    if delivery.obstacle is None or delivery.obstacle.blame is not Blame.AUTHORIZATION:
        return None
    if delivery.obstacle.code in words.HELD:
        one = ids.ConnectionValue(client=delivery.client_id, connection=delivery.connection_id)
        return blocks.button("Check Now", Action.STATUS_CHECK, one, about=FORM[delivery.form])
    wish = ids.LinkValue(client=delivery.client_id, platforms=(delivery.platform,))
    platform = PLATFORM[delivery.platform]
    return blocks.button(f"Relink {platform} and Continue", Action.LINK_RELINK, wish, style="primary")


def _cancel(delivery: Delivery, value: ids.DeliveryValue) -> Element:
    sure = blocks.confirm(
        "Cancel this one?",
        f"Nothing goes out as {FORM[delivery.form]}. What goes out elsewhere stays as it is.",
        "Cancel It",
        "Keep It",
    )
    return blocks.button("Cancel", Action.DELIVERY_CANCEL, value, confirm=sure, about=FORM[delivery.form])
