"""What Slack refuses of Block Kit besides its limits, in the words and with the pointer of the real validator."""

import pytest

from sandbox.slack.blockkit import problems_of_blocks, problems_of_view
from tests.unit.sandbox.blocks import (
    actions,
    auth,
    beside,
    button,
    card,
    container,
    data_table,
    field,
    image,
    many,
    mrkdwn,
    option,
    options,
    plain,
    raw,
    rich,
    section,
    select,
    table,
    task,
    url,
    written,
)

# what, surface, blocks that Slack refuses, the pointer of the last problem
REFUSED = [
    ("no text and no fields", "message", [{"type": "section"}], "/blocks/0"),
    ("an empty text", "message", [section(text=mrkdwn(""))], "/blocks/0/text/text"),
    ("an unknown block", "message", [{"type": "banner"}], "/blocks/0/type"),
    ("an unknown property", "message", [section(colour="red")], "/blocks/0"),
    ("a block without a type", "message", [{}], "/blocks/0"),
    ("blocks that are no list", "message", {"type": "section"}, "/blocks"),
    ("a text that is a string", "message", [section(text="x")], "/blocks/0/text"),
    ("a header in mrkdwn", "message", [{"type": "header", "text": mrkdwn()}], "/blocks/0/text/type"),
    ("a wrong style", "message", [beside(button(style="default"))], "/blocks/0/accessory/style"),
    ("a text input in actions", "modal", [actions(select("plain_text_input"))], "/blocks/0/elements/0/type"),
    ("a button in an input", "modal", [field(button())], "/blocks/0/element/type"),
    (
        "a button in a context",
        "message",
        [{"type": "context", "elements": [button()]}],
        "/blocks/0/elements/0/type",
    ),
    (
        "the same block_id twice",
        "message",
        [section(block_id="b"), section(block_id="b")],
        "/blocks/1/block_id",
    ),
    (
        "the same action_id twice in a block",
        "message",
        [actions(button(action_id="a"), button(action_id="a"))],
        "/blocks/0/elements/1/action_id",
    ),
    ("an alert in a message", "message", [{"type": "alert", "text": plain()}], "/blocks/0/type"),
    ("a table in a modal", "modal", [table([[raw()]])], "/blocks/0/type"),
    ("markdown in a home", "home", [{"type": "markdown", "text": "x"}], "/blocks/0/type"),
    ("a file input in a message", "message", [field(select("file_input"))], "/blocks/0/element/type"),
    ("no options at all", "message", [beside(select())], "/blocks/0/accessory"),
    (
        "options and groups",
        "message",
        [beside(select(options=options(1), option_groups=[{"label": plain(), "options": options(1)}]))],
        "/blocks/0/accessory",
    ),
    (
        "an initial option that isn't offered",
        "message",
        [beside(select(options=options(1), initial_option=option(value="other")))],
        "/blocks/0/accessory/initial_option",
    ),
    ("a url of a select's option", "message", [beside(select(options=[option(url=url(30))]))], None),
    ("an image without a source", "message", [{"type": "image", "alt_text": "a"}], "/blocks/0"),
    ("an image with two sources", "message", [image(slack_file={"id": "F1"})], "/blocks/0"),
    ("a date that is none", "modal", [field(select("datepicker", initial_date="2026-13-01"))], None),
    ("a time that is none", "modal", [field(select("timepicker", initial_time="24:00"))], None),
    ("a number that is a text", "modal", [field(select("number_input", is_decimal_allowed="no"))], None),
    ("min above max", "modal", [written(min_length=5, max_length=4)], "/blocks/0/element"),
    ("two focused elements", "modal", [written(focus_on_load=True), written(focus_on_load=True)], "/blocks"),
    ("a rich header cell", "message", [data_table([[rich()], [raw()]])], "/blocks/0/rows/0/0/type"),
    ("uneven rows", "message", [data_table([[raw()], [raw(), raw()]])], "/blocks/0/rows"),
    ("a data table of one row", "message", [data_table([[raw()]])], "/blocks/0/rows"),
    ("a card in a container", "message", [container(child_blocks=[card()])], "/blocks/0/child_blocks/0/type"),
    ("a card with nothing in it", "message", [{"type": "card", "subtitle": mrkdwn()}], "/blocks/0"),
    (
        "a divider of a collapsible",
        "message",
        [container(is_collapsible=True, has_header_divider=True)],
        None,
    ),
    ("no cards", "message", [{"type": "carousel", "elements": []}], "/blocks/0/elements"),
    ("an unknown status", "message", [{**task(), "status": "late"}], "/blocks/0/status"),
    ("plain http to an auth page", "message", [auth(auth_url="http://a.example")], "/blocks/0/auth_url"),
]


@pytest.mark.parametrize(("surface", "blocks", "at"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED])
def test_what_slack_refuses_is_refused_with_its_pointer(surface, blocks, at):
    problems = problems_of_blocks(blocks, surface)
    assert problems
    assert at is None or problems[-1].at == at


def test_the_wording_is_that_of_the_real_validator():
    assert [str(one) for one in problems_of_blocks([section(text=mrkdwn("x" * 3001))], "message")] == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    assert [str(one) for one in problems_of_blocks([actions(*many(button(), 26))], "message")] == [
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]"
    ]


def test_a_modal_with_inputs_needs_a_submit_button():
    bare = {"type": "modal", "title": plain(), "blocks": [written()]}
    assert [str(one) for one in problems_of_view(bare)][
        -1
    ] == "missing required field: submit [json-pointer:/view]"
    assert problems_of_view({**bare, "submit": plain()}) == []


@pytest.mark.parametrize("extra", ["title", "submit", "close"])
def test_a_home_has_no_title_and_no_buttons(extra):
    home = {"type": "home", "blocks": [section()]}
    assert problems_of_view(home) == []
    assert problems_of_view({**home, extra: plain()})


def test_a_view_without_anything_is_told_what_is_missing():
    said = [str(one) for one in problems_of_view({})]
    assert "missing required field: title [json-pointer:/view]" in said
    assert "missing required field: blocks [json-pointer:/view]" in said
    assert "missing required field: type [json-pointer:/view]" in said
