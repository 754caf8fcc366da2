"""Which files people mean by a message."""

import pytest

from bot.listeners.files import all_of_message, of_message
from bot.listeners.typed import address
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


def test_words_alone_hold_no_address():
    assert address("Velo  Werk") == ("", "Velo Werk")
