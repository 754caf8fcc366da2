"""Block Kit's elements as tables: which properties, which limits, in which blocks, on which surfaces.

Sources: docs.slack.dev/reference/block-kit/block-elements and the constants of slack_sdk 3.47.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.composition import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    FEEDBACK,
    HTTPS,
    ID,
    OPTION,
    OPTION_GROUP,
    SLACK_FILE,
    URL,
    WORKFLOW,
    one_source,
    option,
    plain,
)
from sandbox.slack.schema import Anything, Flag, Kind, Number, Problem, Rows, Rule, Text, Thing

TYPE = Text()
PLACEHOLDER = plain(150)
DATE = Text(like=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = Text(like=r"([01]\d|2[0-3]):[0-5]\d")
DECIMAL = Text(like=r"-?\d+(\.\d+)?")


def _either_options(value: Any, at: str) -> Iterator[Problem]:
    if value.get("options") is not None and value.get("option_groups") is not None:
        yield Problem("only one of options or option_groups is allowed", at)


def _initial_is_offered(value: Any, at: str) -> Iterator[Problem]:
    lists = [value.get("options"), *(group["options"] for group in value.get("option_groups") or [])]
    offered = [_told_apart(item) for items in lists for item in items or []]
    for name in ("initial_option", "initial_options"):
        given = value.get(name) or []
        chosen = given if isinstance(given, list) else [given]
        if any(_told_apart(choice) not in offered for choice in chosen):
            yield Problem(f"{name} must be one of the options", f"{at}/{name}")


def _told_apart(choice: Any) -> tuple[str, str]:
    return choice["value"], choice["text"]["text"]


def _ordered(low: str, high: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[Problem]:
        least, most = value.get(low), value.get(high)
        if least is not None and most is not None and float(least) > float(most):
            yield Problem(f"{low} must not be greater than {high}", at)

    return rule


def _choices(options: Kind, most: int) -> dict[str, Kind]:
    return {
        "options": Rows(options, 1, most),
        "initial_options": Rows(options, 1, most),
        "confirm": CONFIRM,
        "focus_on_load": Flag(),
    }


def _acts(more: Mapping[str, Kind], *, needs: tuple[str, ...] = (), **extra: Any) -> Thing:
    return Thing({"type": TYPE, "action_id": ID, **more}, needs=("type", *needs), **extra)


def _select(more: Mapping[str, Kind], *, many: bool, **extra: Any) -> Thing:
    common: dict[str, Kind] = {"placeholder": PLACEHOLDER, "confirm": CONFIRM, "focus_on_load": Flag()}
    if many:
        common["max_selected_items"] = Number(1)
    return _acts(common | dict(more), **extra)


def _static(*, many: bool) -> Thing:
    initial: dict[str, Kind] = (
        {"initial_options": Rows(OPTION, 1, 100)} if many else {"initial_option": OPTION}
    )
    fields: dict[str, Kind] = {"options": Rows(OPTION, 1, 100), "option_groups": Rows(OPTION_GROUP, 1, 100)}
    return _select(
        fields | initial,
        many=many,
        some_of=("options", "option_groups"),
        rules=(_either_options, _initial_is_offered),
    )


def _external(*, many: bool) -> Thing:
    initial: dict[str, Kind] = (
        {"initial_options": Rows(OPTION, 1, 100)} if many else {"initial_option": OPTION}
    )
    return _select({"min_query_length": Number(0), **initial}, many=many)


def _picker(noun: str, *, many: bool) -> Thing:
    initial: dict[str, Kind] = {f"initial_{noun}s": Rows(Text())} if many else {f"initial_{noun}": Text()}
    more: dict[str, Kind] = {}
    if noun == "conversation":
        more = {"default_to_current_conversation": Flag(), "filter": CONVERSATION_FILTER}
    if noun in {"conversation", "channel"} and not many:
        more["response_url_enabled"] = Flag()
    return _select(initial | more, many=many)


def _written(more: Mapping[str, Kind], **extra: Any) -> Thing:
    common: dict[str, Kind] = {
        "placeholder": PLACEHOLDER,
        "dispatch_action_config": DISPATCH,
        "focus_on_load": Flag(),
    }
    return _acts(common | dict(more), **extra)


BUTTON = _acts(
    {
        "text": plain(75),
        "value": Text(2000),
        "url": URL,
        "style": Text(words=("primary", "danger")),
        "confirm": CONFIRM,
        "accessibility_label": Text(75),
        "visible_to_user_ids": Rows(Text(least=1)),
        "agent_prompt": Text(4000),
        "agent_prompt_display": Text(),
    },
    needs=("text",),
)

IMAGE = Thing(
    {"type": TYPE, "image_url": HTTPS, "slack_file": SLACK_FILE, "alt_text": Text(2000)},
    needs=("type", "alt_text"),
    rules=(one_source,),
)

OVERFLOW = _acts({"options": Rows(option(url=True), 1, 5), "confirm": CONFIRM}, needs=("options",))

_BOX = option(styled=True)

ELEMENTS: Mapping[str, Kind] = {
    "button": BUTTON,
    "image": IMAGE,
    "overflow": OVERFLOW,
    "checkboxes": _acts(_choices(_BOX, 10), needs=("options",), rules=(_initial_is_offered,)),
    "radio_buttons": _acts(
        {
            "options": Rows(_BOX, 1, 10),
            "initial_option": _BOX,
            "confirm": CONFIRM,
            "focus_on_load": Flag(),
        },
        needs=("options",),
        rules=(_initial_is_offered,),
    ),
    "datepicker": _acts(
        {"initial_date": DATE, "placeholder": PLACEHOLDER, "confirm": CONFIRM, "focus_on_load": Flag()}
    ),
    "timepicker": _acts(
        {
            "initial_time": TIME,
            "placeholder": PLACEHOLDER,
            "confirm": CONFIRM,
            "focus_on_load": Flag(),
            "timezone": Text(least=1),
        }
    ),
    "datetimepicker": _acts(
        {
            "initial_date_time": Number(1_000_000_000, 9_999_999_999),
            "confirm": CONFIRM,
            "focus_on_load": Flag(),
        }
    ),
    "static_select": _static(many=False),
    "multi_static_select": _static(many=True),
    "external_select": _external(many=False),
    "multi_external_select": _external(many=True),
    "users_select": _picker("user", many=False),
    "multi_users_select": _picker("user", many=True),
    "conversations_select": _picker("conversation", many=False),
    "multi_conversations_select": _picker("conversation", many=True),
    "channels_select": _picker("channel", many=False),
    "multi_channels_select": _picker("channel", many=True),
    "plain_text_input": _written(
        {
            "initial_value": Text(3000),
            "multiline": Flag(),
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
        rules=(_ordered("min_length", "max_length"),),
    ),
    "email_text_input": _written({"initial_value": Text()}),
    "url_text_input": _written({"initial_value": Text()}),
    "number_input": _written(
        {
            "is_decimal_allowed": Flag(),
            "initial_value": DECIMAL,
            "min_value": DECIMAL,
            "max_value": DECIMAL,
        },
        needs=("is_decimal_allowed",),
        rules=(_ordered("min_value", "max_value"),),
    ),
    "rich_text_input": _written({"initial_value": Anything()}),
    "file_input": _acts({"filetypes": Rows(Text(least=1), 1), "max_files": Number(1, 10)}),
    "feedback_buttons": _acts(
        {"positive_button": FEEDBACK, "negative_button": FEEDBACK},
        needs=("positive_button", "negative_button"),
    ),
    "icon_button": _acts(
        {
            "icon": Text(words=("trash",)),
            "text": plain(75),
            "value": Text(2000),
            "confirm": CONFIRM,
            "accessibility_label": Text(75),
            "visible_to_user_ids": Rows(Text(least=1)),
        },
        needs=("icon", "text"),
    ),
    "workflow_button": _acts(
        {
            "text": plain(75),
            "workflow": WORKFLOW,
            "style": Text(words=("primary", "danger")),
            "accessibility_label": Text(75),
        },
        needs=("text", "workflow"),
    ),
}

SELECTS = tuple(name for name in ELEMENTS if name.endswith("_select"))
CHOOSERS = ("checkboxes", "radio_buttons", "datepicker", "timepicker", *SELECTS)

# Which elements each kind of place takes.
IN_ACTIONS = ("button", "overflow", "workflow_button", "datetimepicker", *CHOOSERS)
IN_SECTION = ("button", "overflow", "workflow_button", "image", *CHOOSERS)
IN_INPUT = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
    "datetimepicker",
    *CHOOSERS,
)
IN_CONTEXT_ACTIONS = ("feedback_buttons", "icon_button")

# Elements that only some surfaces show; what is not listed works on all three.
ONLY_ON: Mapping[str, frozenset[str]] = {
    "email_text_input": frozenset({"modal"}),
    "url_text_input": frozenset({"modal"}),
    "number_input": frozenset({"modal"}),
    "file_input": frozenset({"modal"}),
    "rich_text_input": frozenset({"modal", "home"}),
    "datetimepicker": frozenset({"modal", "message"}),
    "workflow_button": frozenset({"message"}),
}


def kinds(names: tuple[str, ...]) -> dict[str, Kind]:
    """The part of the table with these elements."""
    return {name: ELEMENTS[name] for name in names}
