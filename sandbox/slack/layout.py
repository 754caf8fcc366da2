"""Block Kit's blocks as tables: properties, limits, and the surfaces that show them.

Sources: docs.slack.dev/reference/block-kit/blocks and the constants of slack_sdk 3.47, November 2026.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.composition import (
    HTTPS,
    ID,
    SLACK_FILE,
    SLACK_ICON,
    mrkdwn,
    one_source,
    plain,
    text,
)
from sandbox.slack.elements import (
    BUTTON,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    OVERFLOW,
    kinds,
)
from sandbox.slack.richtext import RICH_TEXT
from sandbox.slack.schema import Anything, ByType, Flag, Kind, Later, Number, Problem, Rows, Text, Thing

ALL = frozenset({"message", "modal", "home"})
MESSAGE = frozenset({"message"})
MODAL = frozenset({"modal"})


def _block(fields: Mapping[str, Kind], *needs: str, **extra: Any) -> Thing:
    return Thing({"type": Text(), "block_id": ID, **fields}, needs=("type", *needs), **extra)


def _no_divider_when_collapsible(value: Any, at: str) -> Iterator[Problem]:
    if value.get("is_collapsible") is True and value.get("has_header_divider") is True:
        yield Problem("has_header_divider is not allowed when is_collapsible is true", at)


def _even_rows(value: Any, at: str) -> Iterator[Problem]:
    if len({len(row) for row in value["rows"]}) > 1:
        yield Problem("all rows must have the same number of cells", f"{at}/rows")


def _plain_header(value: Any, at: str) -> Iterator[Problem]:
    for index, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            yield Problem("unsupported type: rich_text", f"{at}/rows/0/{index}/type")


def _every_category(value: Any, at: str) -> Iterator[Problem]:
    for index, series in enumerate(value["series"]):
        if [point["label"] for point in series["data"]] != value["axis_config"]["categories"]:
            yield Problem("data must have one point for every category", f"{at}/series/{index}/data")


RAW_TEXT = Thing({"type": Text(), "text": Text(least=1)}, needs=("type", "text"))
RAW_NUMBER = Thing(
    {"type": Text(), "value": Number(whole=False), "text": Text()},
    needs=("type",),
    some_of=("value", "text"),
)
CELL = ByType({"raw_text": RAW_TEXT, "raw_number": RAW_NUMBER, "rich_text": RICH_TEXT})
COLUMN = Thing({"align": Text(words=("left", "center", "right")), "is_wrapped": Flag()})

CARD = _block(
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "slack_icon": SLACK_ICON,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": Rows(ByType({"button": BUTTON}), 1, 3),
    },
    some_of=("hero_image", "title", "actions", "body"),
)

TASK = _block(
    {
        "task_id": Text(least=1),
        "title": Text(least=1),
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": Rows(
            ByType(
                {"url": Thing({"type": Text(), "url": HTTPS, "text": Text(least=1)}, needs=("url", "text"))}
            ),
        ),
        "status": Text(words=("pending", "in_progress", "complete", "error")),
    },
    "task_id",
    "title",
    "status",
)

_LABEL = Text(20, 1)
_POINT = Thing({"label": _LABEL, "value": Number(whole=False)}, needs=("label", "value"))
_SEGMENT = Thing({"label": _LABEL, "value": Number(0, whole=False)}, needs=("label", "value"))
_SERIES = Thing({"name": _LABEL, "data": Rows(_POINT, 1, 20)}, needs=("name", "data"))
_AXES = Thing(
    {"categories": Rows(_LABEL, 1, 20), "x_label": Text(50), "y_label": Text(50)}, needs=("categories",)
)
_XY = Thing(
    {"type": Text(), "series": Rows(_SERIES, 1, 12), "axis_config": _AXES},
    needs=("series", "axis_config"),
    rules=(_every_category,),
)
CHART = ByType(
    {
        "pie": Thing({"type": Text(), "segments": Rows(_SEGMENT, 1, 12)}, needs=("segments",)),
        "line": _XY,
        "bar": _XY,
        "area": _XY,
    }
)

BLOCKS: dict[str, Kind] = {
    "section": _block(
        {
            "text": text(3000),
            "fields": Rows(text(2000), 1, 10),
            "accessory": ByType(kinds(IN_SECTION)),
            "expand": Flag(),
        },
        some_of=("text", "fields"),
    ),
    "divider": _block({}),
    "header": _block({"text": plain(150), "level": Number(1, 4)}, "text"),
    "image": _block(
        {
            "image_url": HTTPS,
            "slack_file": SLACK_FILE,
            "alt_text": Text(2000),
            "title": plain(2000),
        },
        "alt_text",
        rules=(one_source,),
    ),
    "actions": _block({"elements": Rows(ByType(kinds(IN_ACTIONS)), 1, 25)}, "elements"),
    "context": _block(
        {
            "elements": Rows(
                ByType({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000)}), 1, 10
            )
        },
        "elements",
    ),
    "context_actions": _block({"elements": Rows(ByType(kinds(IN_CONTEXT_ACTIONS)), 1, 5)}, "elements"),
    "input": _block(
        {
            "label": plain(2000),
            "element": ByType(kinds(IN_INPUT)),
            "hint": plain(2000),
            "optional": Flag(),
            "dispatch_action": Flag(),
        },
        "label",
        "element",
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block({"text": Text(12_000, 1)}, "text"),
    "file": _block(
        {"external_id": Text(least=1), "source": Text(words=("remote",))}, "external_id", "source"
    ),
    "video": _block(
        {
            "alt_text": Text(2000),
            "video_url": HTTPS,
            "thumbnail_url": HTTPS,
            "title": plain(200),
            "title_url": HTTPS,
            "description": plain(200),
            "provider_icon_url": HTTPS,
            "provider_name": Text(),
            "author_name": Text(50),
        },
        "alt_text",
        "video_url",
        "thumbnail_url",
        "title",
    ),
    "table": _block(
        {"rows": Rows(Rows(CELL, 1, 20), 1, 100), "column_settings": Rows(COLUMN, 0, 20)}, "rows"
    ),
    "data_table": _block(
        {
            "rows": Rows(Rows(CELL, 1, 20), 2, 201),
            "caption": Text(least=1),
            "page_size": Number(1, 100),
            "row_header_column_index": Number(0, 19),
        },
        "rows",
        "caption",
        rules=(_even_rows, _plain_header),
    ),
    "data_visualization": _block({"title": Text(50, 1), "chart": CHART}, "title", "chart"),
    "card": CARD,
    "carousel": _block({"elements": Rows(ByType({"card": CARD}), 1, 10)}, "elements"),
    "container": _block(
        {
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "child_blocks": Later(lambda: Rows(_CHILD, 1, 10)),
            "width": Text(words=("narrow", "standard", "wide", "full")),
            "icon": IMAGE,
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        "child_blocks",
        some_of=("title", "rich_text_title"),
        rules=(_no_divider_when_collapsible,),
    ),
    "alert": _block(
        {"text": text(200), "level": Text(words=("default", "info", "warning", "error", "success"))}, "text"
    ),
    "plan": _block({"title": Text(least=1), "tasks": Rows(ByType({"task_card": TASK}), 0, 50)}, "title"),
    "task_card": TASK,
    "auth_provider": _block(
        {
            "value": Text(150, 1),
            "name": plain(75),
            "is_connected": Flag(),
            "description": plain(150),
            "icon_url": Text(3000, like="https://.+"),
            "auth_url": Text(3000, like="https://.+"),
            "disconnect_url": Text(3000, like="https://.+"),
            "connected_identity": plain(75),
            "connected_context": plain(75),
            "accessory": ByType({"overflow": OVERFLOW}),
            "fallback": Later(lambda: Rows(BLOCK)),
        },
        "value",
        "name",
        "is_connected",
    ),
    "call": _block(
        {"call_id": Text(least=1), "api_decoration_available": Flag(), "call": Anything()}, "call_id"
    ),
}

BLOCK: Kind = ByType(BLOCKS, union=False)

_IN_CONTAINER = (
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
)
_CHILD: Kind = ByType({name: BLOCKS[name] for name in _IN_CONTAINER}, union=False)

# Where a block may stand; what is not listed stands anywhere.
SURFACES: Mapping[str, frozenset[str]] = {
    "markdown": MESSAGE,
    "table": MESSAGE,
    "data_table": MESSAGE,
    "data_visualization": MESSAGE,
    "context_actions": MESSAGE,
    "file": MESSAGE,
    "plan": MESSAGE,
    "task_card": MESSAGE,
    "call": MESSAGE,
    "alert": MODAL,
}

# How many of a block one payload may hold.
AT_MOST: Mapping[str, int] = {"table": 1, "data_visualization": 2}

# The characters that all cells of one table may hold.
CELL_CHARACTERS: Mapping[str, int] = {"table": 10_000, "data_table": 20_000}
