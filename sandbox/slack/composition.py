"""Block Kit's composition objects: texts, options, confirmations and the like, with Slack's limits.

Sources: docs.slack.dev/reference/block-kit/composition-objects and the constants of slack_sdk 3.47.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.schema import ByType, Flag, Kind, Number, Problem, Rows, Text, Thing

ID = Text(most=255)
URL = Text(most=3000, least=1, like=r"(?s)[a-zA-Z][a-zA-Z0-9+.-]*:.+")
HTTPS = Text(most=3000, least=1, like=r"(?s)https?://.+")


def plain(most: int, *, least: int = 1) -> Kind:
    """A `plain_text` object of at most so many characters."""
    return Thing(
        {"type": Text(words=("plain_text",)), "text": Text(most, least), "emoji": Flag()},
        needs=("type", "text"),
    )


def mrkdwn(most: int, *, least: int = 1) -> Kind:
    """A `mrkdwn` object of at most so many characters."""
    return Thing({"type": Text(), "text": Text(most, least), "verbatim": Flag()}, needs=("type", "text"))


def text(most: int, *, least: int = 1) -> Kind:
    """A `plain_text` or `mrkdwn` object of at most so many characters."""
    return ByType({"plain_text": plain(most, least=least), "mrkdwn": mrkdwn(most, least=least)})


def option(*, styled: bool = False, url: bool = False) -> Kind:
    """One choice: text and description 75 characters, value 150; only overflow menus may carry a url."""
    words = text(75) if styled else plain(75)
    fields: dict[str, Kind] = {"text": words, "value": Text(150), "description": words}
    return Thing(fields | ({"url": URL} if url else {}), needs=("text", "value"))


OPTION = option()
OPTION_GROUP = Thing({"label": plain(75), "options": Rows(OPTION, 1, 100)}, needs=("label", "options"))

CONFIRM = Thing(
    {
        "title": plain(100),
        "text": text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": Text(words=("primary", "danger")),
    },
    needs=("title", "text", "confirm", "deny"),
)

DISPATCH = Thing(
    {"trigger_actions_on": Rows(Text(words=("on_enter_pressed", "on_character_entered")), 1, 2)},
)

CONVERSATION_FILTER = Thing(
    {
        "include": Rows(Text(words=("im", "mpim", "private", "public")), 1),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
    some_of=("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

SLACK_FILE = Thing({"id": Text(least=1), "url": HTTPS}, some_of=("id", "url"))

WORKFLOW = Thing(
    {
        "trigger": Thing(
            {
                "url": HTTPS,
                "customizable_input_parameters": Rows(
                    Thing({"name": Text(least=1), "value": Text()}, needs=("name", "value")),
                ),
            },
            needs=("url",),
        ),
    },
    needs=("trigger",),
)

SLACK_ICON = Thing({"type": Text(words=("icon",)), "name": Text(least=1)}, needs=("type", "name"))

FEEDBACK = Thing(
    {"text": plain(75), "value": Text(2000), "accessibility_label": Text(75)}, needs=("text", "value")
)

WHOLE = Number(0)


def one_source(value: Any, at: str) -> Iterator[Problem]:
    """An image comes either from an address or from a file in Slack."""
    given = [name for name in ("image_url", "slack_file") if value.get(name) is not None]
    if not given:
        yield Problem("missing required field: image_url", at)
    if len(given) > 1:
        yield Problem("only one of image_url or slack_file is allowed", at)
