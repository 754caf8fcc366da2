"""What a person enters, in the shapes of Slack's `state.values`, and what Slack's client refuses to send."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sandbox.slack.blockkit import all_blocks, elements_of
from sandbox.slack.workspace import UnknownError, Workspace

State = dict[str, Any]
Values = dict[str, dict[str, State]]

REQUIRED = "Please complete this required field."

WRITTEN = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})

# Element type -> the one field of its state.
FIELD: Mapping[str, str] = {
    **dict.fromkeys(WRITTEN, "value"),
    "rich_text_input": "rich_text_value",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}


def fields_of(blocks: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every element that has a state, with its block."""
    for block in all_blocks(blocks):
        for _, element in elements_of(block):
            if element.get("type") in FIELD:
                yield block, element


def initial(element: Mapping[str, Any]) -> State:
    """The state of an element that nobody has touched."""
    kind = str(element["type"])
    name = FIELD[kind]
    given = element.get(f"initial_{name.removeprefix('selected_')}", element.get("initial_value"))
    if given is None:
        given = [] if _many(kind) else None
    state = {"type": kind, name: given}
    if kind == "timepicker" and "timezone" in element:
        state["timezone"] = element["timezone"]
    return state


def values_of(blocks: Any, entered: Values) -> Values:
    """`state.values` of a surface: what the person entered, else what the app proposed."""
    values: Values = {}
    for block, element in fields_of(blocks):
        kept = entered.get(str(block.get("block_id")), {}).get(str(element.get("action_id")))
        same = kept is not None and kept.get("type") == element["type"]
        state = kept if same and kept is not None else initial(element)
        values.setdefault(str(block["block_id"]), {})[str(element["action_id"])] = state
    return values


class Entering:
    """Turns plain values (a text, an option's value, a name) into the state of an element."""

    def __init__(self, workspace: Workspace, file: Callable[[str], dict[str, Any] | None]) -> None:
        self._workspace = workspace
        self._file = file

    def states(self, blocks: Any, given: Mapping[str, Any]) -> Values:
        """Values by block id; for a block with several elements, by action id below it. Raises UnknownError."""
        values: Values = {}
        known = list(fields_of(blocks))
        for block_id, value in given.items():
            here = [element for block, element in known if block.get("block_id") == block_id]
            if not here:
                names = ", ".join(str(block.get("block_id")) for block, _ in known)
                raise UnknownError(f"The view has no input block {block_id!r}; it has {names or 'none'}.")
            for element in here:
                ident = str(element["action_id"])
                keyed = isinstance(value, Mapping) and any(one["action_id"] in value for one in here)
                if keyed and ident not in value:
                    continue
                state = self.state(element, value[ident] if keyed else value)
                values.setdefault(block_id, {})[ident] = state
        return values

    def state(self, element: Mapping[str, Any], value: Any) -> State:
        """The state of one element; a value that has Slack's own shape is taken as it is."""
        kind = str(element["type"])
        name = FIELD[kind]
        empty = initial(
            {"type": kind, **({"timezone": element["timezone"]} if "timezone" in element else {})}
        )
        if isinstance(value, Mapping) and (name in value or "selected" in value):
            value = value.get(name, value.get("selected"))
        if value is None or value == "":
            return empty
        if _many(kind):
            items = value if isinstance(value, list | tuple) else [value]
            return empty | {name: [self._one(element, item) for item in items]}
        return empty | {name: self._one(element, value)}

    def _one(self, element: Mapping[str, Any], value: Any) -> Any:
        kind = str(element["type"])
        if kind == "file_input":
            return self._uploaded(value)
        if "option" in FIELD[kind]:
            return _option(element, value)
        if "user" in FIELD[kind]:
            return self._workspace.person(str(value)).id
        if kind.removeprefix("multi_").startswith(("conversations", "channels")):
            return value if str(value).startswith(("U", "D")) else self._workspace.channel(str(value)).id
        if kind == "rich_text_input" and isinstance(value, str):
            return _rich(value)
        if kind == "datetimepicker":
            return _moment(value)
        return str(value) if kind in WRITTEN else value

    def _uploaded(self, value: Any) -> dict[str, Any]:
        ident = str(value.get("id")) if isinstance(value, Mapping) else str(value)
        file = self._file(ident)
        if file is None:
            raise UnknownError(f"There is no file {ident!r}; upload it first.")
        return file


def refusals(blocks: Any, values: Values) -> dict[str, str]:
    """What Slack's client tells a person instead of sending the form: a sentence per block id."""
    told: dict[str, str] = {}
    for block in all_blocks(blocks):
        if block.get("type") != "input":
            continue
        element = block["element"]
        state = values[block["block_id"]][element["action_id"]]
        content = state[FIELD[element["type"]]]
        if content in (None, "", []):
            if not block.get("optional"):
                told[block["block_id"]] = REQUIRED
        elif sentence := next(iter(_unfit(element, content)), ""):
            told[block["block_id"]] = sentence
    return told


def _unfit(element: Mapping[str, Any], content: Any) -> Iterator[str]:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(content) < element.get("min_length", 0):
            yield f"Must be at least {element['min_length']} characters."
        if len(content) > element.get("max_length", 3000):
            yield f"Must be {element.get('max_length', 3000)} characters or fewer."
    elif kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", content):
        yield "Please enter a valid email address."
    elif kind == "url_text_input" and not re.fullmatch(r"https?://[^\s/]+\S*", content):
        yield "Please enter a valid URL."
    elif kind == "number_input":
        yield from _unfit_number(element, content)
    elif isinstance(content, list) and len(content) > element.get("max_selected_items", len(content)):
        yield f"Choose at most {element['max_selected_items']}."


def _unfit_number(element: Mapping[str, Any], content: str) -> Iterator[str]:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, content):
        yield (
            "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
        )
        return
    if "min_value" in element and float(content) < float(element["min_value"]):
        yield f"Must be at least {element['min_value']}."
    if "max_value" in element and float(content) > float(element["max_value"]):
        yield f"Must be at most {element['max_value']}."


def options_of(element: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield from element.get("options") or []
    for group in element.get("option_groups") or []:
        yield from group["options"]


def _option(element: Mapping[str, Any], value: Any) -> Any:
    """An option by its value or its words; selects with options from elsewhere take what they are given."""
    wanted = value.get("value") if isinstance(value, Mapping) else str(value)
    for option in options_of(element):
        if wanted in {option["value"], option["text"]["text"]}:
            return option
    if "external" in element["type"]:
        return value if isinstance(value, Mapping) else _made_up(str(value))
    known = ", ".join(option["value"] for option in options_of(element))
    raise UnknownError(f"There is no option {wanted!r}; there are {known}.")


def _moment(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as wrong:
        raise UnknownError(f"{value!r} is no moment; give seconds of the Unix epoch.") from wrong


def _made_up(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}


def _rich(text: str) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _many(kind: str) -> bool:
    return FIELD[kind] in {"selected_options", "files"} or kind.startswith("multi_")
