"""What was made is what is found: every fact of the corpus, by each reader alone and by both."""

import hashlib

import pytest

from core.media import look as av_reader
from core.media.answers import Own
from core.media.iso import read_iso
from core.media.merge import merge
from core.media.window import Window
from tests.media.corpus import EVERY, ISO, LENGTHS, SOUNDS, Sample, intended

NAMES = [each.name for each in EVERY]
BOXED = [each for each in (*ISO, *SOUNDS, *LENGTHS) if not each.name.endswith((".mp3", ".wav"))]
LAST_FRAME = 0.11
"""Seconds a length may be off: the last frame's, or a sound frame's, is the muxer's guess."""


def found_in(media, wanted):
    """Return the same facts as `wanted`, as they were found."""
    video, audio, box = media.video, media.audio, media.container
    found = {
        "sounds": len(media.audios),
        "format": box.format,
        "moov": box.moov,
        "edit_lists": box.edit_lists,
    }
    found |= {"fragmented": box.fragmented, "brand": box.brand}
    if video:
        found |= {"codec": video.codec, "size": (video.width, video.height), "duration": media.duration}
        found |= {"chroma": video.chroma, "depth": video.bit_depth, "dynamic": video.dynamic}
        found |= {"fps": video.rate and video.rate.average, "variable": video.rate and video.rate.variable}
        found |= {"interlaced": video.interlaced, "open_gop": video.open_gop, "aspect": video.sample_aspect}
        found |= {"turned": video.rotation in {90, 270}}
    if audio:
        found |= {
            "sound": audio.codec,
            "sample_rate": audio.sample_rate,
            "channels": audio.channels,
            "silent": audio.silent,
        }
    return {name: found.get(name) for name in wanted}


def alike(found, wanted):
    """Hold facts against one another: lengths and rates of containers that round may be off a little."""
    for name, value in wanted.items():
        if name == "duration":
            assert found[name] == pytest.approx(value, abs=LAST_FRAME), name
        elif name == "fps":
            assert float(found[name]) == pytest.approx(float(value), rel=0.002), name
        else:
            assert found[name] == value, name


@pytest.mark.parametrize("sample", EVERY, ids=NAMES)
def test_everything_asked_for_is_found(probed, sample: Sample):
    wanted = intended(sample)
    alike(found_in(probed[sample.name], wanted), wanted)


@pytest.mark.parametrize("name", NAMES)
def test_whole_files_have_no_troubles(probed, name):
    assert probed[name].troubles == ()


@pytest.mark.parametrize("name", NAMES)
def test_size_and_digest_are_the_files_own(probed, corpus, name):
    content = corpus[name].read_bytes()
    assert (probed[name].size, probed[name].sha256) == (len(content), hashlib.sha256(content).hexdigest())


def window_on(path):
    content = path.read_bytes()
    return Window(lambda at, length: content[at : at + length], len(content), budget=1 << 30)


SEEN_BY_BOTH = ("codec", "size", "duration", "fps", "sounds", "sound", "dynamic")


@pytest.mark.parametrize("sample", BOXED, ids=[each.name for each in BOXED])
def test_our_own_reader_finds_alone_what_boxes_tell(corpus, sample):
    path = corpus[sample.name]
    own = Own(sniffed="iso", family="video", iso=read_iso(window_on(path)))
    wanted = {name: value for name, value in intended(sample).items() if name in SEEN_BY_BOTH}
    if sample.name in {"hdr10.mp4", "hlg.mp4"} or sample.film.aspect:
        wanted.pop("dynamic")  # told in the stream only, unless the muxer writes a colour box
    alike(found_in(merge(sample.name, path.stat().st_size, own, None), wanted), wanted)


@pytest.mark.parametrize("sample", EVERY, ids=NAMES)
def test_pyav_finds_alone_what_streams_tell(corpus, sample):
    path = corpus[sample.name]
    wanted = {name: value for name, value in intended(sample).items() if name in SEEN_BY_BOTH}
    if sample.film.rotation:
        wanted.pop("size")  # rotation stands in a box
    facts = av_reader.look(window_on(path))
    alike(found_in(merge(sample.name, path.stat().st_size, None, facts), wanted), wanted)


def test_the_corpus_is_as_large_as_promised():
    assert len(EVERY) >= 60
    assert len(set(NAMES)) == len(NAMES)
