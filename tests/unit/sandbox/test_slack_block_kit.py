"""Every limit of Block Kit, at it and one beyond."""

import pytest

from sandbox.slack.blockkit import (
    MESSAGE_CHARACTERS,
    message_characters,
    problems_of_blocks,
    problems_of_view,
)
from sandbox.slack.elements import ELEMENTS, ONLY_ON
from sandbox.slack.layout import ALL, BLOCKS, SURFACES


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text}


def option(**more):
    return {"text": plain(), "value": "v", **more}


def options(count):
    return [option(value=str(n)) for n in range(count)]


def button(**more):
    return {"type": "button", "text": plain(), **more}


def image(**more):
    return {"type": "image", "image_url": "https://a.example/i.png", "alt_text": "", **more}


def section(**more):
    return {"type": "section", "text": mrkdwn(), **more}


def beside(element):
    return section(accessory=element)


def field(element, **more):
    return {"type": "input", "label": plain(), "element": element, **more}


def written(**more):
    return field({"type": "plain_text_input", **more})


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def confirm(**more):
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **more}


def rich(text="x"):
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def raw(text="x"):
    return {"type": "raw_text", "text": text}


def table(rows):
    return {"type": "table", "rows": rows}


def data_table(rows, **more):
    return {"type": "data_table", "caption": "c", "rows": rows, **more}


def card(**more):
    return {"type": "card", "title": mrkdwn(), **more}


def container(**more):
    return {"type": "container", "title": plain(), "child_blocks": [section()], **more}


def task(number=0):
    return {"type": "task_card", "task_id": f"t{number}", "title": "t", "status": "pending"}


def auth(**more):
    return {"type": "auth_provider", "value": "v", "name": plain(), "is_connected": False, **more}


def video(**more):
    return {
        "type": "video",
        "alt_text": "a",
        "video_url": "https://a.example/v",
        "thumbnail_url": "https://a.example/t",
        "title": plain(),
        **more,
    }


def pie(count, label="l"):
    segments = [{"label": f"{label}", "value": 1} for _ in range(count)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": segments}}


def url(length):
    return "https://a.example/".ljust(length, "x")


def select(kind="static_select", **more):
    return {"type": kind, **more}


def many(block, count):
    return [dict(block) for _ in range(count)]


# what, surface, the limit, blocks of that size
LIMITS = [
    ("blocks in a message", "message", 50, lambda n: many({"type": "divider"}, n)),
    ("blocks in a modal", "modal", 100, lambda n: many({"type": "divider"}, n)),
    ("blocks in a home", "home", 100, lambda n: many({"type": "divider"}, n)),
    ("block_id", "message", 255, lambda n: [section(block_id="x" * n)]),
    ("action_id", "message", 255, lambda n: [actions(button(action_id="x" * n))]),
    ("section text", "message", 3000, lambda n: [section(text=mrkdwn("x" * n))]),
    ("section fields", "message", 10, lambda n: [section(fields=[mrkdwn()] * n)]),
    ("section field text", "message", 2000, lambda n: [section(fields=[mrkdwn("x" * n)])]),
    ("header", "message", 150, lambda n: [{"type": "header", "text": plain("x" * n)}]),
    ("button text", "message", 75, lambda n: [actions(button(text=plain("x" * n)))]),
    ("button label", "message", 75, lambda n: [actions(button(accessibility_label="x" * n))]),
    ("button value", "message", 2000, lambda n: [actions(button(value="x" * n))]),
    ("button url", "message", 3000, lambda n: [actions(button(url=url(n)))]),
    ("agent prompt", "message", 4000, lambda n: [actions(button(agent_prompt="x" * n))]),
    ("actions", "message", 25, lambda n: [actions(*many(button(), n))]),
    ("context elements", "message", 10, lambda n: [{"type": "context", "elements": [mrkdwn()] * n}]),
    (
        "context actions",
        "message",
        5,
        lambda n: [
            {
                "type": "context_actions",
                "elements": many(select("icon_button", icon="trash", text=plain()), n),
            }
        ],
    ),
    ("select options", "message", 100, lambda n: [beside(select(options=options(n)))]),
    (
        "option groups",
        "message",
        100,
        lambda n: [beside(select(option_groups=[{"label": plain(), "options": options(1)}] * n))],
    ),
    (
        "options in a group",
        "message",
        100,
        lambda n: [beside(select(option_groups=[{"label": plain(), "options": options(n)}]))],
    ),
    (
        "group label",
        "message",
        75,
        lambda n: [beside(select(option_groups=[{"label": plain("x" * n), "options": options(1)}]))],
    ),
    ("option text", "message", 75, lambda n: [beside(select(options=[option(text=plain("x" * n))]))]),
    ("option value", "message", 150, lambda n: [beside(select(options=[option(value="x" * n)]))]),
    (
        "option description",
        "message",
        75,
        lambda n: [beside(select(options=[option(description=plain("x" * n))]))],
    ),
    ("overflow options", "message", 5, lambda n: [beside(select("overflow", options=options(n)))]),
    ("checkboxes", "message", 10, lambda n: [beside(select("checkboxes", options=options(n)))]),
    ("radio buttons", "message", 10, lambda n: [beside(select("radio_buttons", options=options(n)))]),
    ("confirm title", "message", 100, lambda n: [beside(button(confirm=confirm(title=plain("x" * n))))]),
    ("confirm text", "message", 300, lambda n: [beside(button(confirm=confirm(text=mrkdwn("x" * n))))]),
    ("confirm button", "message", 30, lambda n: [beside(button(confirm=confirm(confirm=plain("x" * n))))]),
    ("deny button", "message", 30, lambda n: [beside(button(confirm=confirm(deny=plain("x" * n))))]),
    ("placeholder", "message", 150, lambda n: [beside(select("users_select", placeholder=plain("x" * n)))]),
    ("input label", "modal", 2000, lambda n: [{**written(), "label": plain("x" * n)}]),
    ("input hint", "modal", 2000, lambda n: [{**written(), "hint": plain("x" * n)}]),
    ("initial value", "modal", 3000, lambda n: [written(initial_value="x" * n)]),
    ("max_length", "modal", 3000, lambda n: [written(max_length=n)]),
    ("files in an input", "modal", 10, lambda n: [field(select("file_input", max_files=n))]),
    ("image url", "message", 3000, lambda n: [image(image_url=url(n))]),
    ("image alt text", "message", 2000, lambda n: [image(alt_text="x" * n)]),
    ("image title", "message", 2000, lambda n: [image(title=plain("x" * n))]),
    ("accessory image alt text", "message", 2000, lambda n: [beside(image(alt_text="x" * n))]),
    ("markdown", "message", 12_000, lambda n: [{"type": "markdown", "text": "x" * n}]),
    (
        "markdown of all blocks",
        "message",
        6_000,
        lambda n: [{"type": "markdown", "text": "x" * n}, {"type": "markdown", "text": "x" * 6000}],
    ),
    ("table rows", "message", 100, lambda n: [table([[raw()]] * n)]),
    ("table cells", "message", 20, lambda n: [table([[raw()] * n])]),
    ("table characters", "message", 10_000, lambda n: [table([[raw("x" * n)]])]),
    ("tables", "message", 1, lambda n: many(table([[raw()]]), n)),
    ("column settings", "message", 20, lambda n: [{**table([[raw()]]), "column_settings": [{}] * n}]),
    ("data table rows", "message", 201, lambda n: [data_table([[raw()]] * n)]),
    ("data table cells", "message", 20, lambda n: [data_table([[raw()] * n] * 2)]),
    ("data table characters", "message", 19_999, lambda n: [data_table([[raw()], [raw("x" * n)]])]),
    ("data table page", "message", 100, lambda n: [data_table([[raw()]] * 2, page_size=n)]),
    ("charts", "message", 2, lambda n: many(pie(1), n)),
    ("chart title", "message", 50, lambda n: [{**pie(1), "title": "x" * n}]),
    ("chart segments", "message", 12, lambda n: [pie(n)]),
    ("chart label", "message", 20, lambda n: [pie(1, "x" * n)]),
    ("card title", "message", 150, lambda n: [card(title=mrkdwn("x" * n))]),
    ("card subtitle", "message", 150, lambda n: [card(subtitle=mrkdwn("x" * n))]),
    ("card body", "message", 200, lambda n: [card(body=mrkdwn("x" * n))]),
    ("card actions", "message", 3, lambda n: [card(actions=many(button(), n))]),
    ("carousel", "message", 10, lambda n: [{"type": "carousel", "elements": many(card(), n)}]),
    ("container children", "message", 10, lambda n: [container(child_blocks=many(section(), n))]),
    ("container title", "message", 150, lambda n: [container(title=plain("x" * n))]),
    ("container subtitle", "message", 150, lambda n: [container(subtitle=plain("x" * n))]),
    ("alert", "modal", 200, lambda n: [{"type": "alert", "text": mrkdwn("x" * n)}]),
    (
        "plan tasks",
        "message",
        50,
        lambda n: [{"type": "plan", "title": "p", "tasks": [task(i) for i in range(n)]}],
    ),
    ("video title", "message", 200, lambda n: [video(title=plain("x" * n))]),
    ("video author", "message", 50, lambda n: [video(author_name="x" * n)]),
    ("auth value", "message", 150, lambda n: [auth(value="x" * n)]),
    ("auth name", "message", 75, lambda n: [auth(name=plain("x" * n))]),
    ("auth description", "message", 150, lambda n: [auth(description=plain("x" * n))]),
    ("auth identity", "message", 75, lambda n: [auth(connected_identity=plain("x" * n))]),
    ("auth context", "message", 75, lambda n: [auth(connected_context=plain("x" * n))]),
    ("auth url", "message", 3000, lambda n: [auth(auth_url=url(n))]),
]


@pytest.mark.parametrize(("surface", "limit", "make"), [pytest.param(*row[1:], id=row[0]) for row in LIMITS])
def test_a_limit_holds_at_it_and_not_one_beyond(surface, limit, make):
    assert problems_of_blocks(make(limit), surface) == []
    assert problems_of_blocks(make(limit + 1), surface)


VIEW = {
    "type": "modal",
    "title": plain("t"),
    "submit": plain("s"),
    "close": plain("c"),
    "blocks": [section()],
}
VIEW_LIMITS = [
    ("title", 24, lambda n: {"title": plain("x" * n)}),
    ("submit", 24, lambda n: {"submit": plain("x" * n)}),
    ("close", 24, lambda n: {"close": plain("x" * n)}),
    ("private_metadata", 3000, lambda n: {"private_metadata": "x" * n}),
    ("callback_id", 255, lambda n: {"callback_id": "x" * n}),
    ("external_id", 255, lambda n: {"external_id": "x" * n}),
    ("blocks", 100, lambda n: {"blocks": many({"type": "divider"}, n)}),
]


@pytest.mark.parametrize(("limit", "make"), [pytest.param(*row[1:], id=row[0]) for row in VIEW_LIMITS])
def test_a_view_holds_at_its_limit_and_not_one_beyond(limit, make):
    assert problems_of_view({**VIEW, **make(limit)}) == []
    assert problems_of_view({**VIEW, **make(limit + 1)})


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


def test_the_ceiling_of_a_message_counts_compact_json():
    assert message_characters([{"type": "divider"}]) == len('[{"type":"divider"}]')
    assert MESSAGE_CHARACTERS == 13_200


def test_the_tables_name_only_what_exists():
    assert set(SURFACES) <= set(BLOCKS)
    assert set(ONLY_ON) <= set(ELEMENTS)
    assert all(surfaces <= ALL for surfaces in [*SURFACES.values(), *ONLY_ON.values()])
