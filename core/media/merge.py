"""One truth from two readers: ours is believed about boxes, PyAV about streams; where they differ, both are told."""

from dataclasses import replace
from fractions import Fraction
from pathlib import PurePath

from core.domain.media import (
    Audio,
    Container,
    Dynamic,
    Edit,
    FrameRate,
    Image,
    Kind,
    Media,
    Moov,
    Snag,
    Trouble,
    Video,
)
from core.media import answers
from core.media.answers import AvFacts, AvStream, ImageFacts, IsoTrack, Own

SAME_DURATION = 0.25
"""Seconds two readers may differ: priming samples and the last frame are counted differently."""
_EXTENSIONS = {
    "mp4": {"mp4", "m4v", "m4a", "mov", "qt"},
    "mov": {"mov", "qt", "mp4", "m4v"},
    "3gp": {"3gp", "3g2", "mp4"},
    "webm": {"webm", "mkv"},
    "matroska": {"mkv", "webm", "mka"},
    "mpegts": {"ts", "mts", "m2ts"},
    "mpeg": {"mpg", "mpeg", "vob"},
    "asf": {"wmv", "asf", "wma"},
    "ogg": {"ogv", "ogg", "oga", "opus"},
    "jpeg": {"jpg", "jpeg", "jpe", "jfif", "mpo"},
    "tiff": {"tif", "tiff"},
    "heic": {"heic", "heif"},
    "mpegvideo": {"mpg", "mpeg", "m1v", "m2v"},
}
"""Names that a format goes by; the others go by their own."""
_CONTAINERS = {"matroska,webm": "matroska"}
_PQ, _HLG = 16, 18
_SPATIAL = {90, 270}


def merge(name: str, size: int, own: Own | None, av: AvFacts | None) -> Media:
    """Return a file's facts from what both readers said; either may have said nothing."""
    own = own or Own(sniffed="unknown", family="none")
    av = av or AvFacts(trouble="no answer")
    bytes_read = max(own.bytes_read, av.bytes_read)
    if own.family == "image":
        return _picture(name, size, own, bytes_read)
    pairs = _paired(own, av)
    videos = tuple(_video(iso, stream) for iso, stream in pairs if _kind(iso, stream) == "video")
    audios = tuple(_audio(iso, stream) for iso, stream in pairs if _kind(iso, stream) == "audio")
    container = _container(own, av)
    media = Media(
        name=name,
        kind=Kind.VIDEO if videos else Kind.AUDIO if audios else Kind.NONE,
        size=size,
        sha256=None,
        container=container,
        videos=videos,
        audios=audios,
        others=tuple(
            (stream.codec if stream else iso.fourcc if iso else "unknown")
            for iso, stream in pairs
            if _kind(iso, stream) not in {"video", "audio"}
        ),
        troubles=(*_troubles(size, own, av, has_tracks=bool(videos or audios)), *_disagreements(pairs)),
        bytes_read=bytes_read,
    )
    return _named_wrongly(media)


def _kind(iso: IsoTrack | None, stream: AvStream | None) -> str:
    if stream is not None and stream.cover:
        return "cover"
    return stream.kind if stream else iso.kind if iso else ""


def _paired(own: Own, av: AvFacts) -> list[tuple[IsoTrack | None, AvStream | None]]:
    """Return tracks beside streams. Both readers number them in the file's order; covers come only from PyAV."""
    tracks = list(own.iso.tracks) if own.iso else []
    streams = list(av.streams)
    if not tracks:
        return [(None, each) for each in streams]
    if not streams:
        return [(each, None) for each in tracks]
    pairs: list[tuple[IsoTrack | None, AvStream | None]] = []
    left = list(tracks)
    for stream in streams:
        same = next((each for each in left if each.kind == stream.kind), None) if not stream.cover else None
        if same is not None:
            left.remove(same)
        pairs.append((same, stream))
    return [*pairs, *((each, None) for each in left if each.kind in {"video", "audio"})]


def _video(iso: IsoTrack | None, stream: AvStream | None) -> Video:
    iso = iso or answers.IsoTrack(kind="video", fourcc="", codec=None)
    stream = stream or AvStream(kind="video", codec=iso.codec or "unknown")
    rotation = iso.rotation if iso.rotation is not None else stream.rotation or 0
    width, height = stream.width or iso.width or 0, stream.height or iso.height or 0
    aspect = Fraction(*(stream.sample_aspect or iso.sample_aspect or (1, 1)))
    if rotation in _SPATIAL:
        width, height, aspect = height, width, 1 / aspect
    shape = iso.shape or answers.Shape()
    duration = iso.shown_duration or iso.duration or stream.duration
    return Video(
        codec=stream.codec,
        profile=stream.profile,
        pixel_format=stream.pixel_format,
        chroma=stream.chroma or shape.chroma,
        bit_depth=stream.bit_depth or shape.bit_depth,
        interlaced=stream.interlaced if stream.interlaced is not None else shape.interlaced,
        width=width,
        height=height,
        rotation=rotation,
        mirrored=iso.mirrored,
        sample_aspect=aspect,
        rate=_rate(iso.rate or stream.rate),
        duration=duration,
        bit_rate=_bit_rate(iso, stream.bit_rate),
        frames=iso.frames,
        keyframes=iso.keyframes,
        longest_gop=iso.longest_gop,
        open_gop=iso.open_gop,
        dynamic=_dynamic(iso, stream),
        edits=_edits(iso),
    )


def _audio(iso: IsoTrack | None, stream: AvStream | None) -> Audio:
    stream = stream or AvStream(kind="audio", codec=(iso.codec if iso else None) or "unknown")
    duration = (iso.shown_duration or iso.duration) if iso else None
    return Audio(
        codec=stream.codec,
        profile=stream.profile,
        sample_rate=stream.sample_rate,
        channels=stream.channels,
        layout=stream.layout,
        duration=duration or stream.duration,
        bit_rate=_bit_rate(iso, stream.bit_rate),
        silent=stream.silent,
        edits=_edits(iso),
    )


def _edits(iso: IsoTrack | None) -> tuple[Edit, ...]:
    found = iso.edits if iso else ()
    return tuple(Edit(duration=each.duration, start=each.start, speed=each.speed) for each in found)


def _bit_rate(iso: IsoTrack | None, announced: int | None) -> int | None:
    """Return bits per second, counted from the samples where they are known."""
    if iso is not None and iso.size and iso.duration:
        return round(iso.size * 8 / iso.duration)
    return announced


def _rate(rate: answers.Rate | None) -> FrameRate | None:
    if rate is None:
        return None
    return FrameRate(
        average=Fraction(*rate.average),
        lowest=Fraction(*rate.lowest),
        highest=Fraction(*rate.highest),
        variable=rate.variable,
        exact=rate.complete,
    )


def _dynamic(iso: IsoTrack, stream: AvStream) -> Dynamic:
    transfer = stream.transfer or iso.transfer
    if iso.dolby_vision:
        return Dynamic.DOLBY_VISION
    return {_PQ: Dynamic.HDR10, _HLG: Dynamic.HLG}.get(transfer or 0, Dynamic.SDR)


def _container(own: Own, av: AvFacts) -> Container:
    iso = own.iso
    if iso is None:
        return Container(format=_format(own, av), duration=av.duration, bit_rate=av.bit_rate)
    return Container(
        format=_iso_format(iso.brand),
        brand=iso.brand.strip() or None,
        brands=iso.brands,
        moov=Moov(iso.moov) if iso.moov in set(Moov) else None,
        fragmented=iso.fragmented,
        edit_lists=iso.edit_lists,
        order=iso.order,
        duration=av.duration or iso.duration,
        bit_rate=av.bit_rate,
    )


def _iso_format(brand: str) -> str:
    """Return which of the family it is. A file without brands is QuickTime of before brands."""
    if not brand or brand == "qt  ":
        return "mov"
    return "3gp" if brand.startswith(("3gp", "3g2")) else "mp4"


def _format(own: Own, av: AvFacts) -> str:
    if own.sniffed == "webm":
        return "webm"
    return _CONTAINERS.get(av.format, av.format) or own.sniffed


def _picture(name: str, size: int, own: Own, bytes_read: int) -> Media:
    image = _image(own.image) if own.image else None
    troubles = [] if image else [Trouble(snag=Snag.UNREADABLE, detail=own.sniffed)]
    if own.truncated:
        troubles.append(Trouble(snag=Snag.TRUNCATED))
    media = Media(
        name=name,
        kind=Kind.IMAGE,
        size=size,
        sha256=None,
        container=Container(format=own.sniffed),
        image=image,
        troubles=tuple(troubles),
        bytes_read=bytes_read,
    )
    return _named_wrongly(media)


def _image(facts: ImageFacts) -> Image:
    turned = facts.orientation >= 5  # noqa: PLR2004 - EXIF: 5 to 8 lie on their side
    return Image(
        format=facts.format,
        width=facts.height if turned else facts.width,
        height=facts.width if turned else facts.height,
        orientation=facts.orientation,
        mode=facts.mode,
        bit_depth=facts.bit_depth,
        alpha=facts.alpha,
        profile=facts.profile,
        animated=facts.frames > 1 and facts.format != "jpeg",
        several=facts.frames > 1 and facts.format == "jpeg",
    )


_FAMILIES = {"playlist": Snag.PLAYLIST, "page": Snag.PAGE}


def _troubles(size: int, own: Own, av: AvFacts, *, has_tracks: bool) -> list[Trouble]:
    if not size:
        return [Trouble(snag=Snag.EMPTY)]
    if own.family in _FAMILIES:
        return [Trouble(snag=_FAMILIES[own.family], detail=own.sniffed)]
    found = _boxed_troubles(own)
    if av.trouble and (has_tracks or own.family != "none"):
        found.append(Trouble(snag=Snag.UNREADABLE, detail=av.trouble))
    elif not has_tracks:
        found.append(Trouble(snag=Snag.NOT_MEDIA))
    return found


def _boxed_troubles(own: Own) -> list[Trouble]:
    iso, found = own.iso, []
    if iso and any(each.external for each in iso.tracks):
        found.append(Trouble(snag=Snag.REFERS_ELSEWHERE))
    if own.truncated or (iso and iso.truncated):
        found.append(Trouble(snag=Snag.TRUNCATED))
    if iso and iso.lies:
        found.append(Trouble(snag=Snag.UNTRUE, detail="; ".join(iso.lies)))
    return found


def _disagreements(pairs: list[tuple[IsoTrack | None, AvStream | None]]) -> list[Trouble]:
    found = []
    for iso, stream in pairs:
        if iso is None or stream is None:
            continue
        if iso.codec and iso.codec != stream.codec and not stream.codec.startswith(iso.codec):
            found.append(f"codec {iso.codec} or {stream.codec}")
        boxed, decoded = (iso.width, iso.height), (stream.width, stream.height)
        if iso.kind == "video" and None not in {*boxed, *decoded} and boxed != decoded:
            found.append(f"{boxed[0]} × {boxed[1]} or {decoded[0]} × {decoded[1]}")
        shown = iso.shown_duration or iso.duration
        if (
            shown
            and stream.duration
            and min(abs(shown - stream.duration), abs((iso.duration or 0) - stream.duration)) > SAME_DURATION
        ):
            found.append(f"{shown:.2f} s or {stream.duration:.2f} s")
    return [Trouble(snag=Snag.DISAGREES, detail=each) for each in found]


def _named_wrongly(media: Media) -> Media:
    extension = PurePath(media.name).suffix.lower().removeprefix(".")
    actual = media.container.format
    if not extension or media.kind is Kind.NONE or extension in _EXTENSIONS.get(actual, {actual}):
        return media
    wrong = Trouble(snag=Snag.WRONG_EXTENSION, detail=f".{extension} is {actual}")
    return replace(media, troubles=(*media.troubles, wrong))
