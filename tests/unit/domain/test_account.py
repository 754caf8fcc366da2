"""Reading handles as people write them, and telling accounts apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.account import Platform, profile_url, read_handle
from core.domain.refusals import Refusal
from tests.builders import an_account

T, G = Platform.TIKTOK, Platform.INSTAGRAM

READABLE = [
    (T, "velowerk", "velowerk"),
    (T, "  @VeloWerk ", "velowerk"),
    (T, "https://www.tiktok.com/@VeloWerk?lang=en", "velowerk"),
    (T, "tiktok.com/@velo.werk/video/7123", "velo.werk"),
    (T, "m.tiktok.com/@velowerk#x", "velowerk"),
    (G, "nordlicht.bakery", "nordlicht.bakery"),
    (G, "https://instagram.com/nordlicht.bakery/", "nordlicht.bakery"),
    (G, "www.instagram.com/@nordlicht.bakery?igsh=1", "nordlicht.bakery"),
    (G, "a", "a"),
]
UNREADABLE = [
    (T, "@"),
    (T, "@@velowerk"),
    (T, "a"),
    (T, "velo werk"),
    (T, "velowerk."),
    (T, "vélowerk"),
    (T, "🥐"),
    (T, "x" * 3000),
    (T, "tiktok.com/foryou"),
    (T, "https://vm.tiktok.com/ZMabcdef/"),
    (T, "https://tiktok.com"),
    (T, "https://example.com/@velowerk"),
    (T, "eviltiktok.com/@velowerk"),
    (T, "tiktok.com.example.com/@velowerk"),
    (G, "instagram.com/p/C0ffee"),
    (G, "https://www.instagram.com/reel/C0ffee/"),
    (G, "straße"),
    (G, "x" * 31),
]


@pytest.mark.parametrize(("platform", "text", "handle"), READABLE)
def test_a_handle_is_read_however_it_is_written(platform, text, handle):
    assert read_handle(platform, text) == handle


@pytest.mark.parametrize(("platform", "text"), UNREADABLE)
def test_what_is_no_handle_is_refused(platform, text):
    with pytest.raises(Refusal) as refused:
        read_handle(platform, text)
    assert refused.value.code == "handle_unreadable"


@pytest.mark.parametrize(
    ("platform", "text"), [(G, "https://www.tiktok.com/@velowerk"), (T, "instagram.com/velowerk")]
)
def test_the_other_platforms_address_is_told_apart(platform, text):
    with pytest.raises(Refusal) as refused:
        read_handle(platform, text)
    assert refused.value.code == "handle_of_other_platform"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_nothing(text):
    assert read_handle(T, text) is None


@given(st.sampled_from(Platform), st.text(max_size=3000))
def test_any_text_gives_a_plain_handle_or_one_refusal(platform, text):
    handle, said = None, ""
    try:
        handle = read_handle(platform, text)
    except Refusal as refusal:
        said = refusal.code
    assert said in {"", "handle_of_other_platform", "handle_unreadable"}
    assert bool(handle or said) is bool(text.strip())
    assert set(handle or "") <= set("abcdefghijklmnopqrstuvwxyz0123456789_.")


def test_an_answer_repeats_only_the_beginning_of_what_was_typed():
    with pytest.raises(Refusal) as refused:
        read_handle(T, "x" * 3000)
    assert refused.value.facts["typed"] == "x" * 60


@given(st.sampled_from(Platform), st.from_regex(r"[a-z0-9_]{2,24}", fullmatch=True))
def test_a_profiles_address_reads_back_as_its_handle(platform, handle):
    if handle not in {"p", "tv"} | {"reel", "reels", "stories", "explore", "accounts", "direct", "share"}:
        assert read_handle(platform, profile_url(platform, handle)) == handle


def test_accounts_are_the_same_by_any_of_their_ids():
    one = an_account(G, id="1", ids=frozenset({"17841"}))
    other = an_account(G, id="17841", handle="renamed")
    assert one.same_as(other)
    assert not one.same_as(an_account(G, id="2"))


def test_the_same_id_on_another_platform_is_somebody_else():
    assert not an_account(T, id="1").same_as(an_account(G, id="1"))
