"""Whatever JSON comes: the validator answers problems, it never fails."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.blockkit import problems_of_blocks, problems_of_view
from sandbox.slack.elements import ELEMENTS
from sandbox.slack.layout import BLOCKS

names = st.sampled_from(
    [
        "type", "text", "elements", "element", "accessory", "options", "option_groups", "initial_option", "rows",
        "fields", "blocks", "child_blocks", "tasks", "chart", "series", "axis_config", "data", "categories",
        "block_id", "action_id", "value", "actions", "fallback", "label", "title", "min_length", "max_length",
    ]
)  # fmt: skip
kinds = st.sampled_from(sorted({*BLOCKS, *ELEMENTS, "plain_text", "mrkdwn", "modal", "home", "pie", "bar"}))
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | kinds,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=30,
)
typed = st.builds(
    lambda kind, rest: {**rest, "type": kind}, kinds, st.dictionaries(names, anything, max_size=6)
)


@given(st.lists(typed, max_size=4) | anything, st.sampled_from(["message", "modal", "home"]))
def test_any_blocks_are_judged(blocks, surface):
    assert all(one.at.startswith("/blocks") for one in problems_of_blocks(blocks, surface))


@given(
    st.builds(
        lambda kind, rest: {**rest, "type": kind},
        st.sampled_from(["modal", "home"]),
        anything.filter(lambda one: isinstance(one, dict)),
    )
    | anything
)
def test_any_view_is_judged(view):
    assert all(one.at.startswith("/view") for one in problems_of_view(view))
