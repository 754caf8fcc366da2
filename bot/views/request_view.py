"""The message of a request: what is asked for, who has to decide, what they decided, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import ids
from bot.ids import Action, PostMore
from bot.views import blocks
from bot.views.absence_view import stand_ins
from bot.views.blocks import Block, Element, Message, View
from bot.views.delivery_view import became, current, delivery_blocks, needs_somebody
from bot.views.post_parts import (
    captions,
    files,
    leaves,
    music,
    planned,
    play_label,
    play_rows,
    remarks,
    target_line,
)
from bot.views.post_shapes import PostRow
from bot.views.text import bold, clip, esc, mention, name
from bot.views.words import dates
from bot.views.words import post as words
from core.domain.delivery import DeliveryStep
from core.domain.post import SHORT_DIGEST, Decision, DecisionKind, Post, PostStep

_REASON = 600
_OUT = frozenset({DeliveryStep.ASKED, DeliveryStep.PUBLISHED, DeliveryStep.UNCERTAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request as it is now. `poster` is a picture's address, `plays` those of its files, by name."""

    row: PostRow
    poster: str = ""
    plays: Sequence[tuple[str, str]] = ()


def short(post: Post) -> str:
    """Return the beginning of a digest that buttons carry."""
    return post.digest[:SHORT_DIGEST]


def request_message(shown: Shown) -> Message:
    """The message in the client's channel."""
    row = shown.row
    return blocks.message(
        headline(row),
        [
            blocks.section(_head(row), _picture(shown)),
            *captions(row.post.content),
            *[blocks.section(target_line(row.post, each)) for each in row.post.content.targets],
            blocks.context(
                esc(files(row.post.content.items)),
                _leaves(row),
                esc(music(row.post.content)),
            ),
            *(remarks(row.post.noted.remarks) if row.post.noted and row.post.is_open else []),
            *_decisions(row),
            *delivery_blocks(row),
            *blocks.actions(*_buttons(shown)),
        ],
    )


def _asked(post: Post) -> str:
    """Who asked, and when."""
    when = f" · {dates.moment(post.requested_at)}" if post.requested_at else ""
    return f"asked for by {mention([post.by])}{when}"


def _leaves(row: PostRow) -> str:
    """When it goes out; once its deliveries tell, when it was meant to, "" for no time of its own."""
    content, zone = row.post.content, row.client.time_zone
    if row.post.is_open or any(each.step is DeliveryStep.QUEUED for each in current(row)):
        return leaves(content, zone) if content.publish_at or row.post.is_open else ""
    return planned(content, zone)


def headline(row: PostRow) -> str:
    """The first line: what is asked, or what became of it. Slack text."""
    post = row.post
    told = words.HEADLINE[post.step].format(by=mention([post.by]), client=bold(row.client.name))
    is_stuck = post.step is PostStep.APPROVED and any(map(needs_somebody, current(row)))
    return f"{'🔴' if is_stuck else words.MARK[post.step]} {_outcome(row) or told}"


def _outcome(row: PostRow) -> str:
    """What became of an approved post, where that is one thing."""
    steps = {each.step for each in current(row)}
    brand = bold(row.client.name)
    if row.post.step is not PostStep.APPROVED or not steps:
        return ""
    if told := became(current(row)):
        return f"A post for {brand} {told}."
    if steps == {DeliveryStep.CANCELLED}:
        return f"A post for {brand} was cancelled: nothing went out."
    if any(map(needs_somebody, current(row))):
        return f"A post for {brand} needs somebody."
    return ""


def _head(row: PostRow) -> str:
    post = row.post
    lines = [headline(row)]
    if post.edited_by:
        void = " What was decided before doesn't count any more." if post.step is PostStep.REQUESTED else ""
        lines.append(f"Edited by {mention([post.edited_by])}.{void}")
    ended = row.tally.decided
    if ended is not None and post.step is not PostStep.REQUESTED:
        lines.append(f"{_by(ended)}\n{_reason(ended)}".rstrip())
    elif post.step is PostStep.REQUESTED and row.tally.waiting_for:
        lines.append(f"To decide: {mention(row.tally.waiting_for)}")
        lines.append(stand_ins(row.client, row.tally.waiting_for))
    return "\n".join(filter(None, lines))


def _decisions(row: PostRow) -> list[Block]:
    """How many approvals there are of how many; those about earlier contents, struck out."""
    post, told = row.post, []
    if post.step in {PostStep.REQUESTED, PostStep.APPROVED}:
        given = len(row.tally.approvals)
        told.append(f"Approvals: {given} of {given + row.tally.missing}")
        told += [_by(each) for each in row.tally.approvals]
    if post.step is PostStep.REQUESTED and post.expires_at:
        told.append(f"expires at {dates.moment(post.expires_at)}")
    if post.step is not PostStep.REQUESTED:
        told.append(f"asked for by {mention([post.by])}")
    void = [each for each in row.decisions if each.digest != post.digest]
    shown = [blocks.context(*told)] if told else []
    if void:
        shown.append(blocks.context("Before the edit", *[f"~{_by(each)}~" for each in void[-4:]]))
    return shown


def _by(decision: Decision) -> str:
    told = words.DECISION[decision.kind].format(by=mention([decision.by]))
    instead = f" instead of {mention([decision.instead_of])}" if decision.instead_of else ""
    return f"{told}{instead} · {dates.moment(decision.at)}"


def _reason(decision: Decision) -> str:
    lines = clip(decision.reason, _REASON).splitlines() or [""]
    return "\n".join(f"> {esc(each)}" for each in lines) if decision.reason else ""


def _picture(shown: Shown) -> Element | None:
    if not shown.poster:
        return None
    alt = f"First frame of a post for {name(shown.row.client.name)}"
    return {"type": "image", "image_url": shown.poster, "alt_text": clip(alt, 200)}


def _buttons(shown: Shown) -> list[Element | None]:
    """What may be decided now; after the decision only what still makes sense."""
    post, brand = shown.row.post, name(shown.row.client.name)
    value = ids.PostValue(post=post.id, digest=short(post))
    play = _play(shown, value)
    menu = more_menu(shown.row)
    if post.step is PostStep.REQUESTED:
        return [
            blocks.button("Approve", Action.APPROVE, value, style="primary", about=brand),
            blocks.button("Request Changes", Action.REQUEST_CHANGES, value, about=brand),
            blocks.button("Reject", Action.REJECT, value, about=brand),
            play,
            menu,
        ]
    if post.step is PostStep.CHANGES_REQUESTED:
        return [blocks.button("Edit Post", Action.POST_EDIT, value, style="primary", about=brand), play, menu]
    return [play, menu]


def _play(shown: Shown, value: ids.PostValue) -> Element | None:
    """The press that opens the one file, or shows all of several."""
    items, brand = shown.row.post.content.items, name(shown.row.client.name)
    if not shown.plays or not items:
        return None
    if len(shown.plays) > 1:
        return blocks.button(f"View {len(shown.plays)} Files", Action.POST_SHOW, value, about=brand)
    return blocks.url_button(play_label(items[0]), Action.POST_PLAY, shown.plays[0][1], about=brand)


def more_menu(row: PostRow) -> Element | None:
    """The menu behind three dots: what a request's people may do besides deciding."""
    post = row.post
    is_out = any(each.step in _OUT for each in current(row))
    may_change = post.step in {PostStep.REQUESTED, PostStep.CHANGES_REQUESTED} or (
        post.step is PostStep.APPROVED and not is_out
    )
    acts = [PostMore.DETAILS]
    if may_change:
        acts = [PostMore.EDIT, PostMore.WITHDRAW, PostMore.DETAILS]
    return blocks.overflow(
        Action.POST_MORE,
        [
            (_MORE[each], ids.PostMoreValue(act=each, post=post.id, digest=short(post)))
            for each in [*acts, PostMore.COPY]
        ],
    )


_MORE = {
    PostMore.EDIT: "Edit",
    PostMore.WITHDRAW: "Withdraw",
    PostMore.DETAILS: "Details",
    PostMore.COPY: "Make Another Like It",
}


def details_modal(shown: Shown) -> View:
    """All about one post: every word, every file, every finding, every decision."""
    row = shown.row
    post = row.post
    found = post.noted.remarks if post.noted else ()
    return blocks.modal(
        "Post",
        [
            blocks.section(_head(row), _picture(shown)),
            *captions(post.content, most=3000),
            *[blocks.section(target_line(post, each)) for each in post.content.targets],
            blocks.context(_asked(post), _leaves(row), esc(music(post.content))),
            blocks.context(esc(files(post.content.items))),
            *play_rows(post.content.items, shown.plays),
            *remarks(found, most=20),
            *[blocks.section(f"{_by(each)}\n{_reason(each)}".rstrip()) for each in row.decisions[-20:]],
            *delivery_blocks(row),
            blocks.context(f"Content {short(post)}", f"post {post.id}"),
        ],
    )


def withdraw_modal(row: PostRow, meta: ids.PostValue) -> View:
    """Ask whether a request is really meant to end."""
    waiting = [each for each in current(row) if not each.is_over]
    is_on_its_way = row.post.step is PostStep.APPROVED and bool(waiting)
    told = words.WITHDRAW_APPROVED if is_on_its_way else words.WITHDRAW
    return blocks.modal(
        "Withdraw",
        [blocks.section(told.format(client=bold(row.client.name)))],
        callback=ids.Callback.POST_WITHDRAW,
        submit="Withdraw",
        close="Keep It",
        meta=ids.write(meta, most=ids.PRIVATE_METADATA),
    )


def reason_modal(kind: DecisionKind, brand: str, meta: ids.ReasonMeta) -> View:
    """Ask why: nobody can do better without."""
    is_reject = kind is DecisionKind.REJECTED
    ask = "Why is it rejected?" if is_reject else "What should change?"
    return blocks.modal(
        "Reject" if is_reject else "Request Changes",
        [
            blocks.section(f"The post for {bold(brand)}. Everybody who sees the request reads this."),
            {
                "type": "input",
                "block_id": ids.PostField.REASON,
                "label": blocks.plain(ask),
                "element": {
                    "type": "plain_text_input",
                    "action_id": ids.PostField.REASON,
                    "multiline": True,
                    "max_length": 1000,
                },
            },
        ],
        callback=ids.Callback.POST_REASON,
        submit="Reject" if is_reject else "Request Changes",
        close="Cancel",
        meta=ids.write(meta, most=ids.PRIVATE_METADATA),
    )
