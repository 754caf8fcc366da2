"""What PyAV says of a file. Runs in the limited process only: it decodes what strangers made."""

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from typing import Any, Literal, NoReturn

import av
import av.error
import av.logging
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.packet import Packet

from core.media.answers import AvFacts, AvStream, Rate
from core.media.iso.boxes import ratio
from core.media.iso.samples import rate_of, runs_of
from core.media.window import Excess, Window, WindowFile

FORMATS = (
    "mov,mp4,matroska,webm,avi,flv,asf,mpeg,mpegts,mpegvideo,ogg,wav,flac,mp3,aac,m4v,h264,hevc,"
    "jpeg_pipe,png_pipe,apng,gif,webp_pipe,webp,bmp_pipe,tiff_pipe"
)
"""The demuxers that may be tried. Those that open other files (hls, dash, concat, sdp, image2 …) are not here."""
LARGEST_PICTURE = 8192 * 8192
MOST_STREAMS = 64
TIMED_PACKETS = 3000
TIMED_BYTES = 32 << 20
HEARD = 3
"""Places listened at, and sound of one place in seconds; only what is silent so far is listened to again."""
HEARD_SECONDS = 0.25
SILENCE = 0.0005
"""Amplitude under which nothing is heard (-66 dBFS)."""
_BUFFER = 1 << 15
_ISO = "mov,mp4"
_PIPES = ("_pipe", "gif", "webp", "apng")
_PEAKS = {"flt": 1.0, "dbl": 1.0, "s16": 32768.0, "s32": 2147483648.0}
_CODES: dict[str, Literal["f", "d", "h", "i"]] = {"flt": "f", "dbl": "d", "s16": "h", "s32": "i"}

av.logging.set_level(None)


def look(window: Window) -> AvFacts:
    """Return what PyAV says; `trouble` names its error. Raises nothing for what a file contains."""
    try:
        container = av.open(
            WindowFile(window),
            mode="r",
            options={
                "format_whitelist": FORMATS,
                "fpsprobesize": "0",  # rates are counted, by tables or by packets: nothing to be guessed
                "max_pixels": str(LARGEST_PICTURE),
                "max_streams": str(MOST_STREAMS),
            },
            metadata_errors="replace",
            buffer_size=_BUFFER,
            io_open=_refuse,
        )
    except (av.error.FFmpegError, ValueError, OverflowError, Excess, OSError) as error:
        return AvFacts(trouble=type(error).__name__, bytes_read=window.bytes_read)
    with closing(container):
        facts = _facts(container)
        return AvFacts(
            format=container.format.name,
            duration=container.duration / av.time_base if container.duration else None,
            bit_rate=container.bit_rate or None,
            streams=facts,
            bytes_read=window.bytes_read,
        )


def _refuse(*_asked: object) -> NoReturn:
    raise PermissionError("a file may not open another")


def _facts(container: InputContainer) -> tuple[AvStream, ...]:
    needs_timing = not container.format.name.startswith(_ISO) and not container.format.name.endswith(_PIPES)
    rates = _timed(container) if needs_timing else {}
    found = []
    for stream in list(container.streams)[:MOST_STREAMS]:
        if stream.type == "video":
            found.append(_video(stream, rates.get(stream.index)))
        elif stream.type == "audio":
            found.append(_audio(container, stream))
        else:
            found.append(AvStream(kind=stream.type or "unknown", codec=_codec(stream)))
    return tuple(found)


def _video(stream: Any, rate: Rate | None) -> AvStream:
    context = stream.codec_context
    picture = _pixels(context)
    return AvStream(
        kind="video",
        codec=_codec(stream),
        profile=stream.profile,
        width=context.width or None,
        height=context.height or None,
        pixel_format=picture.name if picture else None,
        chroma=_chroma(picture),
        bit_depth=picture.components[0].bits if picture and picture.components else None,
        interlaced=_interlaced(context),
        sample_aspect=_fraction(stream.sample_aspect_ratio),
        rate=rate or _announced(stream),
        duration=_seconds(stream),
        bit_rate=context.bit_rate or None,
        transfer=_named(context.color_trc),
        primaries=_named(context.color_primaries),
        cover=bool(stream.disposition & stream.disposition.attached_pic),
    )


def _audio(container: InputContainer, stream: Any) -> AvStream:
    context = stream.codec_context
    return AvStream(
        kind="audio",
        codec=_codec(stream),
        profile=stream.profile,
        sample_rate=context.sample_rate or None,
        channels=context.channels or None,
        layout=context.layout.name if context.channels else None,
        duration=_seconds(stream),
        bit_rate=context.bit_rate or None,
        silent=_silent(container, stream),
    )


def _codec(stream: Any) -> str:
    context = stream.codec_context
    return str(context.codec.canonical_name) if context is not None else "unknown"


def _pixels(context: Any) -> Any:
    try:
        return context.format
    except ValueError:
        return None


def _chroma(picture: Any) -> str | None:
    if picture is None or not picture.components:
        return None
    if picture.is_rgb or picture.has_palette:
        return "rgb"
    if len(picture.components) < 3:  # noqa: PLR2004 - luma, with or without alpha
        return "gray"
    across, down = picture.chroma_width(64), picture.chroma_height(64)
    return {
        (32, 32): "4:2:0",
        (32, 64): "4:2:2",
        (64, 64): "4:4:4",
        (16, 64): "4:1:1",
        (64, 32): "4:4:0",
    }.get((across, down))


def _interlaced(context: Any) -> bool | None:
    """Return what FFmpeg's field order says: 0 unknown, 1 progressive, then the orders of fields."""
    order = int(context.field_order)
    return order > 1 if order else None


def _named(value: Any) -> int | None:
    """Return a colour code of ISO/IEC 23091-2, None for "not said"."""
    return int(value) if value is not None and int(value) not in {0, 2} else None


def _fraction(value: Fraction | None) -> tuple[int, int] | None:
    return ratio(value) if value else None


def _seconds(stream: Any) -> float | None:
    if stream.duration is None or stream.duration <= 0:
        return None
    return float(stream.duration * stream.time_base)


def _announced(stream: Any) -> Rate | None:
    """Return the rates that a container announces; nobody has looked at single frames."""
    average, base = stream.average_rate, stream.base_rate or stream.average_rate
    if not average:
        return None
    return Rate(
        average=ratio(average), lowest=ratio(average), highest=ratio(base), variable=False, complete=False
    )


def _timed(container: InputContainer) -> dict[int, Rate]:
    """Return frame rates from the times of the first packets, for containers without a table of them."""
    if not container.streams.video:
        return {}
    try:
        packets, ended = _first_packets(container)
        container.seek(0)
    except (av.error.FFmpegError, Excess, OSError, ValueError):
        return {}
    found = {}
    for stream in container.streams.video:
        own = [each for each in packets if each.stream_index == stream.index]
        shown = [each.pts for each in own if each.pts is not None]
        # Some containers leave moments of showing out; those of decoding are as far apart.
        ticks = shown if len(shown) == len(own) else [each.dts for each in own if each.dts is not None]
        rate = (
            rate_of(runs_of(ticks), round(1 / stream.time_base), complete=ended) if stream.time_base else None
        )
        if rate is not None:
            found[stream.index] = rate
    return found


def _first_packets(container: InputContainer) -> "tuple[list[Packet[Any]], bool]":
    """Return the first packets of pictures, and whether they were all."""
    packets: list[Packet[Any]] = []
    read = 0
    for packet in container.demux(list(container.streams.video)):
        if packet.size:
            packets.append(packet)
            read += packet.size
        if read > TIMED_BYTES or len(packets) >= TIMED_PACKETS:
            return packets, False
    return packets, True


def _silent(container: InputContainer, stream: Any) -> bool | None:
    """Listen at a few places. False at the first sound; True where all were silent; None where nothing was heard."""
    heard = False
    for place in range(HEARD):
        try:
            loud = [_loudness(frame) for frame in _moment(container, stream, place)]
        except (av.error.FFmpegError, Excess, OSError, ValueError, EOFError):
            return None
        if any(each > SILENCE for each in loud):
            return False
        heard = heard or bool(loud)
    return True if heard else None


def _moment(container: InputContainer, stream: Any, place: int) -> Iterator[AudioFrame]:
    """Decode a little sound at a fraction of the stream's length."""
    whole = stream.duration or 0
    container.seek((stream.start_time or 0) + whole * place // HEARD, stream=stream)
    wanted = HEARD_SECONDS * (stream.codec_context.sample_rate or 48000)
    for frame in container.decode(stream):
        yield frame
        wanted -= frame.samples
        if wanted <= 0:
            return


def _loudness(frame: AudioFrame) -> float:
    """Return a frame's highest amplitude, from 0 to 1."""
    name = frame.format.packed.name
    if name not in _CODES:
        return 1.0
    code = _CODES[name]
    return (
        max((_peak(memoryview(each).cast("B").cast(code)) for each in frame.planes), default=0.0)
        / _PEAKS[name]
    )


def _peak(plane: Any) -> float:
    return float(max(max(plane), -min(plane)))  # noqa: PLW3301 - two passes in C, not one in Python
