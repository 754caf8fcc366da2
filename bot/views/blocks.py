"""Tiny builders for Block Kit that can't break Slack's limits (docs/sources.md).

Whatever is too long is cut, whatever is too much is left out and said to be. Texts are Slack's mrkdwn unless
a parameter is called `label`: callers escape what people typed with `text.esc`.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypedDict

from bot import ids
from bot.ids import Action
from bot.views.text import clip, clip_markup

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 12_000
"""Slack refuses more than about 13,200 characters of blocks, undocumented (bolt-js #2509): stay below."""
VIEW_CHARACTERS = 200_000
_SECTION = 3000
_CONTEXT_TEXT = 2000
_NOTIFICATION = 3000
_LABEL = 75
_URL = 3000
_MORE = "_There is more than fits into one message._"


class Message(TypedDict):
    """What chat.postMessage, respond and response_url take: `client.chat_postMessage(channel=…, **message)`."""

    text: str
    blocks: list[Block]


def mrkdwn(text: str, most: int = _SECTION) -> Element:
    """A text whose links and channel names Slack doesn't guess: only our own markup counts."""
    return {"type": "mrkdwn", "text": clip_markup(text, most) or " ", "verbatim": True}


def plain(label: str, most: int = _LABEL) -> Element:
    """A text without markup."""
    return {"type": "plain_text", "text": clip(label, most) or " ", "emoji": True}


def section(text: str, accessory: Element | None = None) -> Block:
    """A paragraph, with one button or menu beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def context(*parts: str) -> Block:
    """Small print: parts joined by middle dots."""
    return {"type": "context", "elements": [mrkdwn(" · ".join(filter(None, parts)), _CONTEXT_TEXT)]}


def header(label: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(label, 150)}


def divider() -> Block:
    """A line between things."""
    return {"type": "divider"}


def actions(*elements: Element | None) -> list[Block]:
    """A row of buttons; nothing where there are none."""
    held = [each for each in elements if each]
    return [{"type": "actions", "elements": held}] if held else []


Style = Literal["primary", "danger"]


def button(
    label: str,
    action: Action,
    value: ids.Value | None = None,
    *,
    style: Style | None = None,
    confirm: Element | None = None,
    about: str = "",
) -> Element:
    """A button. `about` names the thing for screen readers, where the label alone doesn't."""
    element: Element = {"type": "button", "text": plain(label), "action_id": action}
    if value is not None:
        element["value"] = ids.write(value)
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = confirm
    if about:
        element["accessibility_label"] = clip(f"{label}: {about}", _LABEL)
    return element


def url_button(
    label: str,
    action: Action,
    url: str,
    value: ids.Value | None = None,
    *,
    style: Style | None = None,
    about: str = "",
) -> Element | None:
    """A button that opens an address in the browser; its press arrives too and wants an ack.

    None where the address is longer than Slack takes.
    """
    return button(label, action, value, style=style, about=about) | {"url": url} if len(url) <= _URL else None


def confirm(title: str, text: str, yes: str, no: str, *, danger: bool = False) -> Element:
    """The question before a press counts."""
    asked: Element = {
        "title": plain(title, 100),
        "text": mrkdwn(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }
    return asked | {"style": "danger"} if danger else asked


def overflow(action: Action, options: Sequence[tuple[str, ids.Value]]) -> Element | None:
    """The menu behind three dots, at most five options; None where there are none."""
    if not options:
        return None
    return {
        "type": "overflow",
        "action_id": action,
        "options": [
            {"text": plain(label), "value": ids.write(value, most=ids.OPTION_VALUE)}
            for label, value in options[:5]
        ],
    }


def menu(action: Action, label: str, options: Sequence[tuple[str, ids.Value]]) -> Element:
    """A menu whose chosen option acts at once."""
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(label),
        "options": [
            {"text": plain(text), "value": ids.write(value, most=ids.OPTION_VALUE)} for text, value in options
        ],
    }


def message(text: str, blocks: Iterable[Block]) -> Message:
    """A message with the text that notifications and screen readers use, within Slack's limits."""
    return {"text": clip_markup(text, _NOTIFICATION), "blocks": _within(list(blocks))}


def _within(blocks: list[Block]) -> list[Block]:
    if len(blocks) <= MESSAGE_BLOCKS and size(blocks) <= MESSAGE_CHARACTERS:
        return blocks
    more = context(_MORE)
    kept = blocks[: MESSAGE_BLOCKS - 1]
    while kept and size([*kept, more]) > MESSAGE_CHARACTERS:
        kept.pop()
    return [*kept, more]


def size(blocks: Sequence[Block]) -> int:
    """The characters of blocks as Slack counts them: compact JSON, letters as they are."""
    return len(json.dumps(blocks, separators=(",", ":"), ensure_ascii=False))


def modal(
    title: str,
    blocks: Iterable[Block],
    *,
    callback: ids.Callback = ids.Callback.NOTHING,
    submit: str | None = None,
    close: str = "Close",
    meta: str = "",
) -> View:
    """A modal. With `submit` it has inputs or asks for a yes; without, it only tells something."""
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": list(blocks)[:VIEW_BLOCKS],
    }
    if submit:
        view["submit"] = plain(submit, 24)
    return view | {"private_metadata": meta} if meta else view


def message_modal(title: str, told: Message) -> View:
    """The same words in a modal: for presses in App Home, where no message can answer."""
    return modal(title, told["blocks"])


def home(blocks: Iterable[Block]) -> View:
    """The Home tab."""
    return {"type": "home", "blocks": list(blocks)[:VIEW_BLOCKS]}


class Page(TypedDict):
    """One page of a long list: its rows' blocks, its number from 0, and how many there are."""

    rows: list[list[Block]]
    page: int
    pages: int


def paged(rows: Sequence[list[Block]], page: int, *, most_blocks: int, most_characters: int) -> Page:
    """Deal rows onto pages that fit, in order; a page beyond the last is the last."""
    pages: list[list[list[Block]]] = [[]]
    blocks = characters = 0
    for row in rows:
        longer = size(row)
        full = blocks + len(row) > most_blocks or characters + longer > most_characters
        if full and pages[-1]:
            pages.append([])
            blocks = characters = 0
        pages[-1].append(row)
        blocks += len(row)
        characters += longer
    shown = max(0, min(page, len(pages) - 1))
    return {"rows": pages[shown], "page": shown, "pages": len(pages)}


def pager(shown: Page, back: Action, on: Action, *, client: str | None = None) -> list[Block]:
    """Where the reader is, and the buttons to the other pages; nothing for a single page."""
    page, pages = shown["page"], shown["pages"]
    if pages == 1:
        return []

    def turn(label: str, action: Action, target: int) -> Element | None:
        return (
            button(label, action, ids.PageValue(page=target, client=client)) if 0 <= target < pages else None
        )

    return [
        context(f"Page {page + 1} of {pages}"),
        *actions(turn("Previous Page", back, page - 1), turn("Next Page", on, page + 1)),
    ]
