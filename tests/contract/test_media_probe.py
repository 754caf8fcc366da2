"""What every MediaProbe promises: the same facts wherever a file lies, an answer to anything, nothing left behind."""

import asyncio
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import av
import pytest

from core.domain.media import Kind, Snag
from core.media.local import LocalFile
from core.media.probe import ROOT, IsolatedProbe, ProbeBroken
from tests.media.films import Film, Sound, make


class Elsewhere:
    """A file that can only be read by offset."""

    def __init__(self, content, name="film.mp4"):
        self.name, self.size, self._content = name, len(content), content

    def fileno(self):
        return None

    async def read(self, offset, length):
        return self._content[offset : offset + length]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    make(path, Film(rotation=90, sounds=[Sound(channels=1)]))
    return path


@pytest.fixture(params=[False, True], ids=["a child for each file", "one warm process"])
def probe(request):
    own = IsolatedProbe(reuse=request.param)
    yield own
    own.close()


async def test_a_file_is_the_same_wherever_it_lies(probe, film):
    with LocalFile(film) as here:
        near = await probe.probe(here)
    far = await probe.probe(Elsewhere(film.read_bytes()))
    assert (near.videos, near.audios, near.container, near.troubles) == (
        far.videos,
        far.audios,
        far.container,
        (),
    )


async def test_only_a_file_read_whole_has_a_digest(probe, film):
    with LocalFile(film) as here:
        assert (await probe.probe(here)).sha256 == hashlib.sha256(film.read_bytes()).hexdigest()
    assert (await probe.probe(Elsewhere(film.read_bytes()))).sha256 is None


async def test_a_file_that_is_known_by_its_content_is_not_read_for_its_digest(probe, film):
    with LocalFile(film) as here:
        assert (await probe.probe(here, sha256="known")).sha256 == "known"


@pytest.mark.parametrize("remembered", [True, False])
async def test_a_part_is_the_same_with_and_without_the_systems_memory_of_it(film, monkeypatch, remembered):
    monkeypatch.setattr("core.media.local._MAY_ASK", remembered)
    whole = film.read_bytes()
    with LocalFile(film) as here:
        for place in (0, 7, len(whole) - 5, len(whole), len(whole) + 9):
            assert await here.read(place, 100) == whole[place : place + 100]
        assert await here.read(3, 0) == b""


@pytest.mark.parametrize(
    ("content", "snag"), [(b"", Snag.EMPTY), (b"words", Snag.NOT_MEDIA), (b"#EXTM3U\n", Snag.PLAYLIST)]
)
async def test_what_is_no_film_is_an_answer(probe, content, snag):
    media = await probe.probe(Elsewhere(content))
    assert (media.kind, [each.snag for each in media.troubles]) == (Kind.NONE, [snag])


async def test_many_at_once_get_their_own_answers(probe, film):
    for _ in range(3):
        with LocalFile(film, name="other.mp4") as here:
            assert (await probe.probe(here)).name == "other.mp4"


def descriptors():
    return {each.name for each in Path("/proc/self/fd").iterdir()}


def environment(process):
    return Path(f"/proc/{process.pid}/environ").read_bytes()


async def test_no_descriptor_and_no_process_stays(film):
    before = descriptors()
    own = IsolatedProbe()
    for _ in range(5):
        with LocalFile(film) as here:
            await own.probe(here)
    process = own._process
    own.close()
    assert process.poll() is not None
    assert len(descriptors() - before) <= 1  # the one that lists them


async def test_a_process_that_nobody_waits_for_is_ended_and_the_next_file_gets_another(film):
    before = descriptors()
    own = IsolatedProbe()
    with LocalFile(film) as here:
        given_up = asyncio.create_task(own.probe(here))
        while own._process is None:  # noqa: ASYNC110 - nothing says that it began
            await asyncio.sleep(0)
        process = own._process
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        assert process.poll() is not None
        assert (await own.probe(here)).troubles == ()
    own.close()
    assert len(descriptors() - before) <= 1  # the one that lists them


async def test_a_process_that_is_never_ready_is_told_as_broken(film, monkeypatch):
    monkeypatch.setattr("core.media.probe._START", 0.01)
    before = descriptors()
    own = IsolatedProbe()
    with LocalFile(film) as here, pytest.raises(ProbeBroken):
        await own.probe(here)
    assert own._process is None
    assert len(descriptors() - before) <= 1  # the one that lists them


async def test_the_process_gets_nothing_of_our_environment(film, monkeypatch):
    monkeypatch.setenv("CROSSLINK_SECRET", "not for films")
    own = IsolatedProbe()
    with LocalFile(film) as here:
        await own.probe(here)
    surroundings = environment(own._process)
    own.close()
    assert b"not for films" not in surroundings


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives up its rights")
async def test_root_may_run_from_a_folder_of_its_own(film, tmp_path, monkeypatch):
    private = tmp_path / "root"
    private.mkdir(mode=0o700)
    for name, folder in (("core", ROOT / "core"), ("av", Path(av.__file__).parent)):
        (private / name).symlink_to(folder)
    monkeypatch.setattr("core.media.probe.ROOT", private)
    own = IsolatedProbe()
    with LocalFile(film) as here:
        media = await own.probe(here)
    own.close()
    assert media.troubles == ()


SHUT_IN = """
import os, socket
from core.media import confine
confine.leave_network()
confine.limit(memory=1 << 30, cpu_seconds=5, wall_seconds=5)
for attempt in (
    lambda: open("/etc/hostname"),
    lambda: socket.socket(),
    lambda: os.pipe(),
    lambda: bytearray(2 << 30),
):
    try:
        attempt()
    except (OSError, MemoryError):
        os.write(1, b"no ")
    else:
        os.write(1, b"yes ")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limits are Linux's")
def test_a_child_can_open_no_file_no_socket_no_pipe_and_take_no_more_memory():
    said = subprocess.run(
        [sys.executable, "-c", SHUT_IN],
        cwd="/",
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert said.stdout.split() == [b"no"] * 4
