"""A very small film, made and looked at once, so that children are born with decoders that are ready."""

import io
from fractions import Fraction

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from core.media.look import look
from core.media.window import Window

_SIDE, _SAMPLES, _RATE = 32, 1024, 48000


def warm_up() -> None:
    """Build the tables that FFmpeg builds at the first use of a codec."""
    film = _film()
    look(Window(lambda at, length: film[at : at + length], len(film), budget=1 << 30))


def _film() -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=25, options={"preset": "ultrafast", "threads": "1"})
        video.width = video.height = _SIDE
        video.pix_fmt = "yuv420p"
        audio = container.add_stream("aac", rate=_RATE, layout="stereo")
        picture = VideoFrame(_SIDE, _SIDE, "yuv420p")
        picture.pts, picture.time_base = 0, Fraction(1, 25)
        sound = AudioFrame(format="fltp", layout="stereo", samples=_SAMPLES)
        sound.sample_rate, sound.pts = _RATE, 0
        for plane in sound.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux([*video.encode(picture), *video.encode(None)])
        container.mux([*audio.encode(sound), *audio.encode(None)])
    return made.getvalue()
