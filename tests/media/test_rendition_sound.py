"""Renditions for real: in step with their sound, whatever the film's clocks say."""

import struct
from fractions import Fraction

import av
import pytest

from core.domain.rendition import Cut, Picture, Recipe
from core.media.local import LocalFile
from tests.media.workshop import (
    clapper,
    in_process,
)


def apart(path):
    """Return by how many seconds a film's tone begins after its flash, as a player without edit lists shows it."""
    with av.open(str(path), options={"ignore_editlist": "1"}) as film:
        flash = next(float(each.time) for each in film.decode(video=0) if bytes(each.planes[0])[5000] > 120)
    with av.open(str(path), options={"ignore_editlist": "1"}) as film:
        for each in film.decode(audio=0):
            wave = struct.unpack(f"{each.samples}f", bytes(each.planes[0])[: 4 * each.samples])
            loud = next((number for number, value in enumerate(wave) if abs(value) > 0.2), None)
            if loud is not None:
                return float(each.time) + loud / 48000 - flash
    raise AssertionError


@pytest.mark.parametrize(
    "how",
    [{}, {"delay": 0.4}, {"video_delay": 0.2}, {"delay": 0.05}],
    ids=["plain", "late sound", "late pictures", "bit late"],
)
@pytest.mark.parametrize("container", ["mp4", "mkv"])
async def test_sound_stays_with_its_pictures(workshop, tmp_path, how, container):
    clapper(tmp_path / f"clap.{container}", **how)
    _, _, where = await workshop.one(tmp_path / f"clap.{container}")
    assert apart(where) == pytest.approx(0, abs=0.035)


async def test_sound_stays_with_pictures_made_anew(tmp_path):
    clapper(tmp_path / "clap.mp4")
    wanted = Picture(
        width=360, height=360, canvas_width=360, canvas_height=360, rate=Fraction(30), bit_rate=5_000_000
    )
    for number, cut in enumerate((None, Cut(0.7, 3.9))):
        made = tmp_path / f"{number}.mp4"
        await in_process(tmp_path / "clap.mp4", made, Recipe(picture=wanted, cut=cut))
        assert apart(made) == pytest.approx(0, abs=0.045)


async def test_an_edit_list_that_hides_a_part_keeps_it_hidden(workshop, tmp_path):
    clapper(tmp_path / "whole.mp4")
    with av.open(str(tmp_path / "whole.mp4")) as whole, av.open(str(tmp_path / "part.mp4"), "w") as part:
        tracks = {each.index: part.add_stream_from_template(each) for each in whole.streams}
        for packet in whole.demux():
            if packet.dts is not None:
                # Everything half a second earlier: what is now before zero is hidden by the muxer's edit list.
                shift = round(Fraction(1, 2) / packet.time_base)
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = tracks[packet.stream.index]
                part.mux(packet)
    with LocalFile(tmp_path / "part.mp4") as source:
        probed = await workshop.probe.probe(source)
    made, media, where = await workshop.one(tmp_path / "part.mp4")
    assert media.duration == pytest.approx(probed.duration, abs=0.04)
    assert apart(where) == pytest.approx(0, abs=0.045)
    assert made.remedy.recipe.picture is not None
