"""Values survive the trip through Slack whole, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ids
from bot.ids.values import KINDS
from core.domain.account import Platform
from core.domain.ids import new_id

platforms = st.lists(st.sampled_from(Platform), min_size=1, max_size=2, unique=True).map(tuple)
name = st.text(min_size=1, max_size=40)
values = st.one_of(
    st.builds(ids.ClientValue, client=name),
    st.builds(ids.ChannelValue, channel=name),
    st.builds(ids.LinkValue, client=name, platforms=platforms),
    st.builds(ids.InvitationValue, invitation=name),
    st.builds(ids.ConnectionValue, client=name, connection=name),
    st.builds(ids.PageValue, page=st.integers(0, 10**6), client=st.none() | name),
    st.builds(ids.UnlinkValue, client=name, platforms=platforms),
    st.builds(
        ids.SetupMeta, channel=name, client=st.none() | name, groups=st.lists(name, max_size=5).map(tuple)
    ),
)


@given(values)
def test_what_is_written_is_read_back(value):
    assert ids.read(type(value), ids.write(value)) == value


@given(st.text() | st.none())
def test_any_other_text_is_refused_with_a_sentence(text):
    with pytest.raises(ids.Unreadable, match=r"\w+"):
        ids.read(ids.ClientValue, text)


@pytest.mark.parametrize(
    "text",
    [
        '{"v":2,"k":"cl","client":"cl_1"}',
        '{"v":1,"k":"ch","client":"cl_1"}',
        '{"v":1,"k":"cl"}',
        '{"v":1,"k":"cl","client":7}',
        '{"v":1,"k":"cl","client":null}',
        '{"v":1,"k":"cl","client":"cl_1","more":1}',
        "[" * 10_000,
        "null",
        "[]",
        "cl_1",
    ],
)
def test_another_version_kind_or_shape_is_refused(text):
    with pytest.raises(ids.Unreadable):
        ids.read(ids.ClientValue, text)


@pytest.mark.parametrize("page", ["-1", "true", "1.5", '"1"'])
def test_a_page_is_a_whole_number(page):
    with pytest.raises(ids.Unreadable):
        ids.read(ids.PageValue, f'{{"v":1,"k":"pg","page":{page}}}')


@pytest.mark.parametrize("platforms", ['"tiktok"', '["myspace"]', "[1]", "{}"])
def test_only_known_platforms_are_read(platforms):
    with pytest.raises(ids.Unreadable):
        ids.read(ids.LinkValue, f'{{"v":1,"k":"ln","client":"c","platforms":{platforms}}}')


@pytest.mark.parametrize("act", ids.More)
def test_an_overflow_option_fits_its_150_characters(act):
    value = ids.MoreValue(act=act, client=new_id("cl"), connection=new_id("cn"))
    text = ids.write(value, most=ids.OPTION_VALUE)
    assert ids.read(ids.MoreValue, text) == value


def test_a_value_that_would_not_fit_is_refused_at_once():
    with pytest.raises(ValueError, match="2000 are allowed"):
        ids.write(ids.ClientValue(client="x" * 2000))


def test_every_kind_of_value_has_its_own_mark():
    kinds = list(KINDS.values())
    assert len(set(kinds)) == len(kinds) == len(ids.Value.__args__)


def test_names_are_unique_and_short_enough_for_slack():
    names = [*ids.Action, *ids.Callback]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 255
