"""The films and sounds of the corpus: each with what was asked for, which is what must be found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.media.films import Film, Sound, seconds

CODECS = {
    "libx264": "h264", "libx265": "hevc", "libvpx": "vp8", "libvpx-vp9": "vp9", "libsvtav1": "av1", "prores_ks": "prores",
    "libmp3lame": "mp3", "libopus": "opus", "flv": "flv1",
}  # fmt: skip
PIXELS = {
    "yuv420p": ("4:2:0", 8), "yuvj420p": ("4:2:0", 8), "yuv422p": ("4:2:2", 8), "yuv444p": ("4:4:4", 8),
    "yuv420p10le": ("4:2:0", 10), "yuv422p10le": ("4:2:2", 10),
}  # fmt: skip
FIRST = {"movflags": "faststart"}
PLAIN = {"movflags": "faststart", "use_editlist": "0"}
NO_B = {"bf": "0"}
X265 = "log-level=none:pools=none:frame-threads=1"
FAST = "threads=1:scenecut=0"
QUIET: tuple[Sound, ...] = ()
NTSC, FILM = Fraction(30000, 1001), Fraction(24000, 1001)


@dataclass(frozen=True)
class Sample:
    """A file of the corpus. `also` is what must be found besides what follows from the film itself.

    `differs` names what the referee says differently, and why that is no mistake of ours.
    """

    name: str
    film: Film
    also: Mapping[str, Any] = field(default_factory=dict)
    differs: Mapping[str, str] = field(default_factory=dict)


def intended(sample: Sample) -> dict[str, Any]:
    """Return what a probe must find."""
    film = sample.film
    facts: dict[str, Any] = {"sounds": len(film.sounds), "format": sample.name.rpartition(".")[2]}
    if film.frames:
        turned = film.rotation % 180 == 90
        chroma, depth = PIXELS[film.pixels]
        facts |= {
            "codec": CODECS.get(film.codec, film.codec),
            "size": (film.height, film.width) if turned else (film.width, film.height),
            "duration": seconds(film),
            "chroma": chroma,
            "depth": depth,
            "dynamic": "sdr",
        }
        facts |= {} if film.times else {"fps": Fraction(film.rate), "variable": False}
    for sound in film.sounds[:1]:
        facts |= {
            "sound": CODECS.get(sound.codec, sound.codec),
            "sample_rate": sound.rate,
            "channels": sound.channels,
            "silent": sound.silent,
        }
    return facts | dict(sample.also)


def uneven(count: int, *steps: int) -> list[int]:
    """Return moments whose distances go round and round."""
    moments = [0]
    while len(moments) < count:
        moments.append(moments[-1] + steps[len(moments) % len(steps)])
    return moments


PUSHED = {"fps": Fraction(172800, 5801)}
"""Without an edit list the sound's 1,024 priming samples can't be hidden, so the first picture is shown longer."""
ISO = [
    Sample("plain.mp4", Film(container=PLAIN, options=NO_B), PUSHED | {"moov": "first", "edit_lists": 0, "open_gop": False}),
    Sample("moov-last.mp4", Film(options=NO_B, container={"use_editlist": "0"}), PUSHED | {"moov": "last", "edit_lists": 0}),
    Sample("edit-lists.mp4", Film(container=FIRST, options={"bf": "2", "preset": "veryfast"}), {"moov": "first", "edit_lists": 2}),
    Sample("fragments.mp4", Film(container={"movflags": "frag_keyframe+empty_moov+default_base_moof"}), PUSHED | {"fragmented": True, "moov": "first"}),
    Sample("fragments-dash.mp4", Film(container={"movflags": "dash", "frag_duration": "500000"}), PUSHED | {"fragmented": True}),
    Sample("quicktime.mov", Film(), {"format": "mov", "brand": "qt"}),
    Sample("prores.mov", Film(codec="prores_ks", pixels="yuv422p10le", frames=12, sounds=[Sound(codec="pcm_s16le")])),
    Sample("mjpeg.mov", Film(codec="mjpeg", pixels="yuvj420p", sounds=[Sound(codec="alac")])),
    Sample("dnxhd.mov", Film(codec="dnxhd", pixels="yuv422p", width=1920, height=1080, rate=25, frames=3, options={"b": "36M"}, sounds=QUIET)),
    Sample("hevc.mp4", Film(codec="libx265", container=PLAIN)),
    Sample("av1.mp4", Film(codec="libsvtav1", frames=30)),
    Sample("vp9.mp4", Film(codec="libvpx-vp9", sounds=[Sound(codec="libopus")])),
    Sample("mpeg4.mp4", Film(codec="mpeg4")),
    Sample("h263.3gp", Film(codec="h263", width=176, height=144, sounds=QUIET)),
    Sample("named-m4v.m4v", Film(), {"format": "mp4"}),
    *(Sample(f"turned-{turn}.mp4", Film(rotation=turn, container=FIRST), {"turned": turn % 180 == 90}) for turn in (90, 180, 270)),
    Sample("turned-90.mov", Film(rotation=90, width=128, height=72), {"turned": True}),
    Sample("uneven.mp4", Film(times=uneven(90, 33, 33, 66, 20)), {"variable": True}),
    Sample("uneven-rarely.mp4", Film(times=uneven(90, *[40] * 29, 120), sounds=QUIET), {"variable": True}),
    Sample("jitter.mp4", Film(times=uneven(90, 33, 33, 34), sounds=QUIET), {"variable": False}),
    Sample("uneven.mov", Film(times=uneven(60, 40, 80), clock=600, sounds=QUIET), {"variable": True}),
    *(Sample(f"rate-{name}.mp4", Film(rate=rate, frames=60, sounds=QUIET)) for name, rate in {"ntsc": NTSC, "film": FILM, "15": 15, "22": 22, "23": 23, "60": 60, "61": 61, "120": 120}.items()),
    Sample("ten-bits.mp4", Film(pixels="yuv420p10le")),
    Sample("ten-bits-hevc.mp4", Film(codec="libx265", pixels="yuv420p10le")),
    Sample("hdr10.mp4", Film(codec="libx265", pixels="yuv420p10le", options={"x265-params": f"{X265}:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"}), {"dynamic": "hdr10"}),
    Sample("hlg.mp4", Film(codec="libx265", pixels="yuv420p10le", options={"x265-params": f"{X265}:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"}), {"dynamic": "hlg"}),
    Sample("chroma-422.mp4", Film(pixels="yuv422p")),
    Sample("chroma-444.mp4", Film(pixels="yuv444p")),
    Sample("fields.mp4", Film(options={"x264-params": "tff=1:threads=1"}), {"interlaced": True}),
    Sample("open-groups.mp4", Film(options={"preset": "veryfast", "x264-params": f"open-gop=1:keyint=12:min-keyint=12:bframes=3:{FAST}"}), {"open_gop": True}),
    Sample("closed-groups.mp4", Film(options={"preset": "veryfast", "x264-params": f"open-gop=0:keyint=12:min-keyint=12:bframes=3:{FAST}"}), {"open_gop": False}),
    Sample("open-groups-hevc.mp4", Film(codec="libx265", options={"x265-params": f"{X265}:open-gop=1:keyint=12:min-keyint=12:bframes=3:scenecut=0"}), {"open_gop": True}),
    Sample("wide-pixels.mp4", Film(width=96, height=96, aspect=Fraction(4, 3)), {"aspect": Fraction(4, 3)}),
    Sample("wide-pixels-turned.mp4", Film(width=96, height=64, aspect=Fraction(4, 3), rotation=90), {"aspect": Fraction(3, 4)}),
    Sample("square.mp4", Film(width=96, height=96)),
    Sample("landscape.mp4", Film(width=128, height=72)),
    Sample("odd.mp4", Film(width=73, height=127, pixels="yuv444p", frames=10)),
    Sample("very-wide.mp4", Film(width=1200, height=16, frames=5, sounds=QUIET)),
    Sample("largest.mp4", Film(width=4096, height=368, frames=4, sounds=QUIET)),
    Sample("too-large.mp4", Film(width=4098, height=368, frames=4, sounds=QUIET)),
    Sample("smallest.mp4", Film(width=360, height=360, frames=4, sounds=QUIET)),
    Sample("too-small.mp4", Film(width=358, height=360, frames=4, sounds=QUIET)),
]  # fmt: skip
SOUNDS = [
    Sample("no-sound.mp4", Film(sounds=QUIET)),
    Sample("silent.mp4", Film(sounds=[Sound(silent=True)])),
    Sample("mono.mp4", Film(sounds=[Sound(channels=1)])),
    Sample("surround.mp4", Film(sounds=[Sound(channels=6)])),
    Sample("surround-ac3.mp4", Film(sounds=[Sound(codec="ac3", channels=6)])),
    Sample("eac3.mp4", Film(sounds=[Sound(codec="eac3")])),
    Sample("mp3.mp4", Film(sounds=[Sound(codec="libmp3lame")])),
    Sample("opus.mp4", Film(sounds=[Sound(codec="libopus")])),
    Sample("flac.mp4", Film(sounds=[Sound(codec="flac")])),
    Sample("rate-44.mp4", Film(sounds=[Sound(rate=44100)])),
    Sample("rate-96.mp4", Film(sounds=[Sound(rate=96000)])),
    Sample("two-sounds.mp4", Film(sounds=[Sound(), Sound(channels=1)])),
    Sample("longer-sound.mp4", Film(frames=60, sounds=[Sound(seconds=3.0)])),
    Sample("only-sound.m4a", Film(frames=0, format="ipod"), {"format": "mp4"}),
    Sample("only-sound.mp3", Film(frames=0, sounds=[Sound(codec="libmp3lame")])),
    Sample("only-sound.wav", Film(frames=0, sounds=[Sound(codec="pcm_s16le")])),
]
OTHERS = [
    Sample("vp8.webm", Film(codec="libvpx", sounds=[Sound(codec="libopus")])),
    Sample("vp9.webm", Film(codec="libvpx-vp9", sounds=[Sound(codec="libopus")])),
    Sample("uneven.webm", Film(codec="libvpx", times=uneven(60, 33, 66), sounds=QUIET), {"variable": True}),
    Sample("av1.webm", Film(codec="libsvtav1", frames=30, sounds=QUIET)),
    Sample("h264.mkv", Film(), {"format": "matroska"}),
    Sample("ffv1.mkv", Film(codec="ffv1", sounds=[Sound(codec="flac")]), {"format": "matroska"}),
    # The encoder's delay of one frame becomes a frame that AVI repeats.
    Sample("mpeg4.avi", Film(codec="mpeg4", sounds=[Sound(codec="libmp3lame")]), {"fps": Fraction(89, 3)}),
    Sample("mjpeg.avi", Film(codec="mjpeg", pixels="yuvj420p", sounds=[Sound(codec="pcm_s16le")])),
    Sample("h264.flv", Film(format="flv", sounds=[Sound(rate=44100)])),
    Sample("sorenson.flv", Film(codec="flv", sounds=QUIET)),
    Sample("wmv2.wmv", Film(codec="wmv2", sounds=QUIET), {"format": "asf"}),
    Sample("h264.ts", Film(), {"format": "mpegts"}),
    # A program stream announces no length, and its last pictures have no time.
    Sample(
        "mpeg2.mpg",
        Film(codec="mpeg2video", sounds=[Sound(codec="mp2")]),
        {"format": "mpeg", "duration": 2.867},
    ),
]
LENGTHS = [
    Sample(
        f"lasts-{name}.mp4",
        Film(width=32, height=32, rate=rate, frames=frames, sounds=QUIET, container=FIRST),
    )
    for name, rate, frames in (
        ("2.9s", 10, 29),
        ("3s", 10, 30),
        ("60s", 10, 600),
        ("60.1s", 10, 601),
        ("90s", 10, 900),
        ("90.1s", 10, 901),
        ("15min", 1, 900),
        ("15min-1s", 1, 901),
    )
]
EVERY = [*ISO, *SOUNDS, *OTHERS, *LENGTHS]
