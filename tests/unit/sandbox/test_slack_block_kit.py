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
from tests.unit.sandbox.blocks import (
    actions,
    auth,
    beside,
    button,
    card,
    confirm,
    container,
    data_table,
    field,
    image,
    many,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    raw,
    section,
    select,
    table,
    task,
    url,
    video,
    written,
)

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


def test_the_ceiling_of_a_message_counts_compact_json():
    assert message_characters([{"type": "divider"}]) == len('[{"type":"divider"}]')
    assert MESSAGE_CHARACTERS == 13_200


def test_the_tables_name_only_what_exists():
    assert set(SURFACES) <= set(BLOCKS)
    assert set(ONLY_ON) <= set(ELEMENTS)
    assert all(surfaces <= ALL for surfaces in [*SURFACES.values(), *ONLY_ON.values()])
