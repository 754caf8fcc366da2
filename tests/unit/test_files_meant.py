"""Which files people mean by a message."""

from collections.abc import Callable

import pytest

from bot.ids import write
from bot.listeners.files import all_of_message, of_address, of_command, of_message
from bot.listeners.typed import address
from bot.views.preflight_form import URL_MOST
from bot.views.words.refused import sentence
from core.domain.refusals import Refusal

PICTURES = [{"id": f"F{number}", "mimetype": "image/jpeg"} for number in range(3)]
SONG = {"id": "F9", "mimetype": "audio/mpeg"}


def test_all_films_and_pictures_of_a_message_are_meant_by_a_post():
    assert all_of_message({"files": [SONG, *PICTURES]}) == (PICTURES, "")
    assert of_message({"files": [SONG, *PICTURES]}) == (PICTURES[0], "")


def test_a_file_that_is_neither_is_looked_at_to_say_so():
    assert all_of_message({"files": [SONG]}) == ([SONG], "")


def test_a_link_stands_for_the_file_behind_it():
    message = {"text": "Look: <https://cdn.example/a.mp4?x=1&amp;y=2|film>"}
    assert all_of_message(message) == ([], "https://cdn.example/a.mp4?x=1&y=2")
    assert of_message(message) == (None, "https://cdn.example/a.mp4?x=1&y=2")


def test_a_message_without_either_is_answered():
    with pytest.raises(Refusal) as refused:
        all_of_message({"text": "Hello"})
    assert refused.value.code == "nothing_to_look_at"


@pytest.mark.parametrize(
    "typed",
    [
        "https://cdn.example/a.mp4?x=1&y=2 Velo Werk",
        "Velo https://cdn.example/a.mp4?x=1&y=2 Werk",
        "Velo Werk <https://cdn.example/a.mp4?x=1&amp;y=2|cdn.example>",
    ],
)
def test_an_address_is_read_among_the_words_of_a_command(typed: str):
    assert address(typed) == ("https://cdn.example/a.mp4?x=1&y=2", "Velo Werk")


SIGNED = "https://cdn.example/a.mp4?X-Amz-Signature="


@pytest.mark.parametrize(
    "read",
    [
        lambda url: of_message({"text": f"Look: <{url}>"})[1],
        lambda url: all_of_message({"text": f"Look: <{url}>"})[1],
        lambda url: of_command(f"{url} Velo Werk")[0],
    ],
)
def test_an_address_is_as_long_as_a_card_can_carry(read: Callable[[str], str]):
    longest = SIGNED + "a" * (URL_MOST - len(SIGNED))
    assert read(longest) == longest
    assert write(of_address(longest, client="cl_1"))
    with pytest.raises(Refusal) as refused:
        read(longest + "a")
    assert refused.value.code == "url_too_long"
    assert f"longer than the {URL_MOST} characters" in sentence(refused.value)


def test_words_alone_hold_no_address():
    assert address("Velo  Werk") == ("", "Velo Werk")
