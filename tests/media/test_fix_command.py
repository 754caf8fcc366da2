"""`crosslink preflight --fix`, and addresses: as people and scripts use them."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.media.films import Film, make
from tests.media.shell import preflight as run

SMALL = {"width": 720, "height": 1280, "frames": 96}


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def a_film(name="film.mp4", **how):
    from pathlib import Path  # noqa: PLC0415 - the working folder is this test's

    make(Path(name), Film(**SMALL | how))
    return name


def test_a_version_that_fits_is_written_and_said(tmp_path):
    code, said, _ = run(a_film(), "--fix", "out.mp4")
    assert code == 0
    assert "out.mp4  pictures as they were, sound as it was, index first, no edit list" in said
    assert run("out.mp4", "--json")[0] == 0
    assert not list(tmp_path.glob(".out*"))


def test_the_document_holds_the_new_file_too():
    code, said, _ = run(a_film(), "--fix", "out.mp4", "--json")
    found = json.loads(said)
    assert (code, found["targets"]["instagram.reel"]["verdict"]) == (0, "blocked")
    (fixed,) = found["fixed"]
    assert (fixed["path"], fixed["targets"]["instagram.reel"]["verdict"]) == ("out.mp4", "ready")
    assert fixed["recipe"]["picture"] is None


def test_the_part_to_keep_is_asked_for_and_taken():
    film = a_film(width=360, height=360, frames=62 * 5, rate=5)
    code, _, said = run(film, "--for", "instagram.story", "--fix", "out.mp4")
    assert code == 1
    assert "say which part to keep" in said
    code, said, _ = run(film, "--for", "instagram.story", "--fix", "out.mp4", "--keep", "0:01-0:05")
    assert code == 0
    assert "4.00 s" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["film.mp4", "--keep", "1-5"], "only makes sense with --fix"),
        (["film.mp4", "--fix", "out.mp4", "--keep", "soon"], "isn't a part of a film"),
        (["film.mp4", "--fix", "film.mp4"], "is the file itself"),
        (["film.mp4", "film.mp4", "--fix", "out.mp4"], "One file at a time"),
        (["film.mp4", "--fix", "missing/out.mp4"], "can't be written"),
        (["http://media.example/film.mp4"], "only over https"),
        (["https://127.0.0.1/film.mp4"], "private network"),
        (["https://localhost/film.mp4"], "private network"),
        (["https://2130706433/film.mp4"], "isn't a server's name"),
        (["https://me:secret@media.example/film.mp4"], "carries a user name"),
    ],
)
def test_wrong_use_is_said_in_words(arguments, words):
    a_film()
    code, said, error = run(*arguments)
    assert code in {1, 2}
    assert words in error
    assert "secret" not in said + error


def test_a_file_that_fits_already_is_left_alone(tmp_path):
    film = a_film(container={"movflags": "faststart", "use_editlist": "0"}, options={"bf": "0"})
    code, said, _ = run(film, "--fix", "out.mp4")
    assert code == 0
    assert "nothing here that a new version" in said
    assert not (tmp_path / "out.mp4").exists()


def _heeds_control_c():
    """What a shell runs in the background is born deaf to it, and so are these tests there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_control_c_ends_it_cleanly(tmp_path):
    film = a_film(pixels="yuv422p", frames=240)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "preflight", film, "--fix", "out.mp4"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heeds_control_c,  # noqa: PLW1509 - the handler is all it touches
    )
    while "instagram.reel" not in (line := process.stdout.readline()):
        assert line or process.poll() is None
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in error
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == [film]
