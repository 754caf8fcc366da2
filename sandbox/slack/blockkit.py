"""Slack's validator of blocks and views, as one pure function each.

`problems_of_blocks` and `problems_of_view` say everything that Slack would refuse, in its words and with its
JSON pointers. What one block may hold is in the tables of `layout`; here is what only the whole
payload shows: how many blocks, which surface, ids used twice, and totals.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.composition import ID, plain
from sandbox.slack.elements import ONLY_ON
from sandbox.slack.layout import ALL, AT_MOST, BLOCK, CELL_CHARACTERS, SURFACES
from sandbox.slack.schema import Anything, Flag, Kind, Problem, Rows, Text, Thing

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
MARKDOWN_CHARACTERS = 12_000
# Undocumented: bolt-js #2509 saw `msg_blocks_too_long` at about this many characters of blocks.
MESSAGE_CHARACTERS = 13_200
VIEW_BYTES = 250_000

_VIEW_FIELDS: Mapping[str, Kind] = {
    "type": Text(words=("modal", "home")),
    "title": plain(24),
    "blocks": Anything(),
    "close": plain(24),
    "submit": plain(24),
    "private_metadata": Text(3000),
    "callback_id": ID,
    "external_id": ID,
    "clear_on_close": Flag(),
    "notify_on_close": Flag(),
    "submit_disabled": Flag(),
}
_MODAL = Thing(_VIEW_FIELDS, needs=("type", "title", "blocks"))
_HOME = Thing(
    {
        name: kind
        for name, kind in _VIEW_FIELDS.items()
        if name not in {"title", "close", "submit", "submit_disabled"}
    },
    needs=("type", "blocks"),
)


def problems_of_blocks(blocks: Any, surface: str, *, at: str = "/blocks") -> list[Problem]:
    """What Slack refuses in these blocks on that surface: `message`, `modal` or `home`."""
    most = BLOCKS_IN_MESSAGE if surface == "message" else BLOCKS_IN_VIEW
    if found := list(Rows(BLOCK, most=most).check(blocks, at)):
        return found
    placed = list(_placed(blocks, at))
    checks = (_misplaced(placed, surface), _repeated(placed), _too_many(placed), _too_long(placed))
    return [problem for check in checks for problem in check] + list(_focused(placed, at))


def message_characters(blocks: list[Any]) -> int:
    """The size that Slack holds against `MESSAGE_CHARACTERS`: the blocks as compact JSON."""
    return len(json.dumps(blocks, separators=(",", ":"), ensure_ascii=False))


def problems_of_view(view: Any, *, at: str = "/view") -> list[Problem]:
    """What Slack refuses in a modal or home view; pointers begin with `/view`."""
    if not isinstance(view, dict):
        return [Problem("must provide an object", at)]
    kind = view.get("type")
    found = list((_HOME if kind == "home" else _MODAL).check(view, at))
    if "blocks" in view:
        surface = "home" if kind == "home" else "modal"
        found += problems_of_blocks(view["blocks"], surface, at=f"{at}/blocks")
    if kind == "modal" and not found and view.get("submit") is None and _has_input(view):
        found.append(Problem("missing required field: submit", at))
    if found:
        found.insert(0, Problem("failed to match all allowed schemas", at))
    return found


def elements_of(block: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The elements directly inside a block, with their pointers below it."""
    for name in ("accessory", "element"):
        if block.get(name):
            yield f"/{name}", block[name]
    for name in ("elements", "actions"):
        items = block.get(name)
        if isinstance(items, list) and block.get("type") not in {"carousel", "rich_text"}:
            yield from (
                (f"/{name}/{index}", item) for index, item in enumerate(items) if isinstance(item, dict)
            )


def all_blocks(blocks: Any) -> Iterator[Mapping[str, Any]]:
    """Every block with those inside containers, carousels and plans, of blocks that passed."""
    for _, block in _placed(blocks, ""):
        yield block


_Placed = list[tuple[str, Mapping[str, Any]]]


def _placed(blocks: list[Any], at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        yield here, block
        for name in ("child_blocks", "tasks", "fallback"):
            yield from _placed(block.get(name) or [], f"{here}/{name}")
        if block.get("type") == "carousel":
            yield from _placed(block.get("elements") or [], f"{here}/elements")


def _misplaced(placed: _Placed, surface: str) -> Iterator[Problem]:
    for at, block in placed:
        kind = block["type"]
        if surface not in SURFACES.get(kind, ALL):
            yield Problem(f"unsupported type: {kind}", f"{at}/type")
        for inner, element in elements_of(block):
            name = element["type"]
            if surface not in ONLY_ON.get(name, ALL):
                yield Problem(f"unsupported type: {name}", f"{at}{inner}/type")


def _repeated(placed: _Placed) -> Iterator[Problem]:
    seen: set[Any] = set()
    for at, block in placed:
        block_id = block.get("block_id")
        if block_id in seen:
            yield Problem(f"block_id `{block_id}` already exists", f"{at}/block_id")
        seen |= {block_id} - {None, ""}
        within: set[str] = set()
        for inner, element in elements_of(block):
            action = str(element.get("action_id") or "")
            if action in within:
                yield Problem(f"action_id `{action}` already exists for block", f"{at}{inner}/action_id")
            within |= {action} - {""}


def _too_many(placed: _Placed) -> Iterator[Problem]:
    counts: Counter[str] = Counter()
    for at, block in placed:
        kind = block["type"]
        counts[kind] += 1
        if kind in AT_MOST and counts[kind] > AT_MOST[kind]:
            yield Problem(f"only {AT_MOST[kind]} {kind} block(s) allowed", at)


def _too_long(placed: _Placed) -> Iterator[Problem]:
    written = 0
    for at, block in placed:
        kind = block["type"]
        if kind == "markdown":
            before, written = written, written + len(block["text"])
            if before and written > MARKDOWN_CHARACTERS:
                yield Problem(
                    f"all markdown blocks must be less than {MARKDOWN_CHARACTERS + 1} characters", at
                )
        if kind in CELL_CHARACTERS and _cell_characters(block.get("rows")) > CELL_CHARACTERS[kind]:
            yield Problem(f"all cells must be less than {CELL_CHARACTERS[kind] + 1} characters", f"{at}/rows")


def _cell_characters(value: Any) -> int:
    if isinstance(value, list):
        return sum(_cell_characters(item) for item in value)
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + _cell_characters(value.get("elements"))
    return 0


def _focused(placed: _Placed, at: str) -> Iterator[Problem]:
    focused = [
        1 for _, block in placed for _, element in elements_of(block) if element.get("focus_on_load") is True
    ]
    if len(focused) > 1:
        yield Problem("only one element may set focus_on_load to true", at)


def _has_input(view: Mapping[str, Any]) -> bool:
    return any(block["type"] == "input" for block in all_blocks(view["blocks"]))
