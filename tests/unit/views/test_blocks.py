"""The builders keep Slack's limits whatever goes in, and nobody is mentioned by what people typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ids
from bot.ids import Action, More
from bot.views import blocks
from bot.views.text import clip, clip_markup, esc, handle, listed, mention, name
from tests.unit.views.rows import HOSTILE, accepted, labels, names

ONE = ids.ClientValue(client="cl_1")


@given(st.text(max_size=4000), st.integers(1, 200))
def test_clipped_text_fits(text, most):
    assert len(clip(text, most)) <= most
    assert len(clip_markup(text, most)) <= most


@given(st.text(alphabet="a<>&", max_size=300), st.integers(7, 100))
def test_escaped_text_is_never_cut_inside_an_entity(text, most):
    cut = clip_markup(esc(text), most).removesuffix("…")
    assert cut.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").find("&") == -1


def test_markup_is_left_out_rather_than_cut():
    assert clip_markup("by <@U0MANAGER> and others", 9) == "by…"


@given(names)
def test_what_people_typed_mentions_nobody(text):
    assert "<" not in esc(text)
    assert ">" not in esc(text)


@given(names)
def test_a_name_is_one_short_line(text):
    assert "\n" not in name(text)
    assert len(name(text)) <= 80


def test_a_handle_has_one_at_sign():
    assert handle("@velo") == handle("velo") == "@velo"
    assert handle(None) == ""


def test_people_and_groups_are_mentioned_each_in_their_way():
    assert mention(["U1", "W2", "S3"]) == "<@U1>, <@W2>, <!subteam^S3>"


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ("abc", "a, b and c")]
)
def test_a_list_reads_as_a_sentence(items, said):
    assert listed(items) == said


@pytest.mark.parametrize("text", ["", *HOSTILE])
def test_every_builder_takes_any_text(text):
    press = blocks.button(
        text,
        Action.LINK_ADOPT,
        ONE,
        about=text,
        confirm=blocks.confirm(text, esc(text), text, text, danger=True),
    )
    menu = blocks.overflow(Action.STATUS_MORE, [(text, ids.MoreValue(act=More.HISTORY, client="cl_1"))] * 9)
    built = [
        blocks.section(esc(text), press),
        blocks.header(text),
        blocks.context(esc(text), esc(text)),
        blocks.divider(),
        *blocks.actions(blocks.url_button(text, Action.PROFILE_OPEN, "https://example.com"), None, menu),
    ]
    accepted(blocks.message(esc(text) or "Something", built))
    accepted(blocks.modal(text, built))
    accepted(blocks.home(built))


@given(st.integers(0, 200), st.integers(1, 3000))
def test_a_message_that_would_be_too_long_ends_saying_so(count, length):
    told = blocks.message("Many", [blocks.section("x" * length)] * count)
    accepted(told)
    whole = count <= 50 and count * (length + 90) <= 12_000
    assert len(told["blocks"]) == count if whole else len(told["blocks"]) <= 50


@given(st.lists(st.integers(1, 3), max_size=60), st.integers(-3, 80))
def test_pages_hold_every_row_once_and_in_order(sizes, page):
    rows = [[blocks.section(f"{number}")] * size for number, size in enumerate(sizes)]
    first = blocks.paged(rows, 0, most_blocks=7, most_characters=700)
    dealt = [
        blocks.paged(rows, each, most_blocks=7, most_characters=700)["rows"] for each in range(first["pages"])
    ]
    assert [row for each in dealt for row in each] == rows
    shown = blocks.paged(rows, page, most_blocks=7, most_characters=700)
    assert 0 <= shown["page"] < shown["pages"]


@pytest.mark.parametrize(
    ("page", "buttons"),
    [(0, ["Next Page"]), (1, ["Previous Page", "Next Page"]), (2, ["Previous Page"])],
)
def test_the_pager_leads_only_to_pages_that_exist(page, buttons):
    shown = {"rows": [], "page": page, "pages": 3}
    told = blocks.message("x", blocks.pager(shown, Action.STATUS_BACK, Action.STATUS_PAGE))
    accepted(told)
    assert labels(told) == buttons


def test_a_single_page_has_no_pager():
    assert blocks.pager({"rows": [], "page": 0, "pages": 1}, Action.HOME_BACK, Action.HOME_PAGE) == []
