"""From findings to recipes: the least change that meets the rules of all targets at once.

The container is written anew before a track is, sound before pictures, and nothing is cut that nobody chose to cut.
Warnings are met too, except where that would mean inventing pixels or leaving out a part of the film.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.domain.fitting import Bounds, Box, Frame, fit, steady, within
from core.domain.fixes import FixKind
from core.domain.limits import LimitSet, Severity
from core.domain.media import Dynamic, Image, Kind, Media, Video
from core.domain.preflight import Finding
from core.domain.refusals import Refusal
from core.domain.rendition import Cut, Picture, Recipe, Sound, Still

COPIED_PICTURES = frozenset({"h264", "hevc"})
"""Codecs that an MP4 holds and every target that takes MP4 plays."""
COPIED_SOUNDS = frozenset({"aac"})
SOUND_RATES = (48000, 44100, 32000, 24000, 22050, 16000)
SOUND_BIT_RATE = 128_000
BEST_BIT_RATE = 50_000_000
LEAST_BIT_RATE = 300_000
"""Under it a film that must be made smaller is no longer worth posting."""
ROOM = Fraction(95, 100)
"""The share of an allowed size that is aimed at: containers and rate control take the rest."""
PRIMARIES: Mapping[str, str] = {
    "display p3": "smpte432",
    "apple display p3": "smpte432",
    "dci(p3) rgb": "smpte431",
}
"""Colour profiles that can be turned into sRGB, by FFmpeg's name for what they count in."""
LARGEST_STILL = 20_000_000

_ANEW = frozenset({FixKind.TRANSCODE, FixKind.SCALE, FixKind.PAD, FixKind.CONSTANT_RATE, FixKind.SHRINK})
ABOUT_POST = ("account.", "caption.", "title.", "post.", "audio.rights")
"""How the codes begin that no file is to blame for, and no rendition mends."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What makes one file that fits these targets."""

    recipe: Recipe
    targets: tuple[str, ...]


def mendable(finding: Finding) -> bool:
    """True for what a rendition sets out to mend."""
    if finding.fix is None:
        return False
    is_warning = finding.severity is not Severity.BLOCK
    return not (
        is_warning and (finding.fix is FixKind.TRIM or finding.code.endswith((".side.min", ".width.min")))
    )


def remedies(
    media: Media,
    findings: Mapping[str, Sequence[Finding]],
    sets: Sequence[LimitSet],
    *,
    cut: Cut | None = None,
    anew: frozenset[str] = frozenset(),
) -> tuple[Remedy, ...]:
    """Return the fewest recipes after which nothing mendable is left: one, unless the targets contradict each other.

    `anew` names tracks (picture, sound) that turned out not to be copiable. Raises Refusal `fix_not_needed`,
    `fix_impossible` with the rule's code, `fix_cut_needed` or `fix_cut_wrong` with the bounds in seconds.
    """
    told = [
        each for target in sets for each in findings[target.target] if not each.code.startswith(ABOUT_POST)
    ]
    hopeless = [each for each in told if each.severity is Severity.BLOCK and each.fix is None]
    if hopeless:
        raise Refusal("fix_impossible", rule=hopeless[0].code)
    if not any(mendable(each) for each in told) and cut is None:
        raise Refusal("fix_not_needed")
    groups = [list(sets)] if not within(sets).contradict() else [[each] for each in sets]
    found = []
    for group in groups:
        mended = [each for one in group for each in findings[one.target] if mendable(each)]
        if mended or cut:
            recipe = _recipe(media, {each.fix for each in mended if each.fix}, within(group), cut, anew)
            found.append(Remedy(recipe=recipe, targets=tuple(each.target for each in group)))
    return tuple(found)


def _recipe(
    media: Media, fixes: set[FixKind], bounds: Bounds, cut: Cut | None, anew: frozenset[str]
) -> Recipe:
    if media.kind is Kind.IMAGE and media.image is not None:
        return Recipe(still=_still(media.image, bounds))
    video = media.video
    if media.kind is not Kind.VIDEO or video is None:
        raise Refusal("fix_impossible", rule="file.kind")
    _check_cut(media, FixKind.TRIM in fixes, bounds, cut)
    sound = _sound(media, bounds) if _needs_sound(media, fixes, anew) else None
    # Pictures lean on one another, so that no film can be cut between two of them and still be copied.
    needs_picture = bool(fixes & _ANEW or cut or "picture" in anew or video.codec not in COPIED_PICTURES)
    return Recipe(
        picture=_picture(media, video, bounds, cut) if needs_picture else None, sound=sound, cut=cut
    )


def _check_cut(media: Media, is_too_long: bool, bounds: Bounds, cut: Cut | None) -> None:  # noqa: FBT001 - a fact
    longest = bounds.most_blocking("video.duration.max")
    shortest = bounds.least("video.duration.min") or Fraction(0)
    said = {
        "longest": f"{float(longest):g}" if longest is not None else "",
        "shortest": f"{float(shortest):g}",
    }
    if cut is None:
        if is_too_long:
            raise Refusal("fix_cut_needed", **said)
        return
    whole = media.duration
    is_inside = 0 <= cut.start < cut.end and (whole is None or cut.end <= whole + 0.05)
    if not is_inside or cut.length < shortest or (longest is not None and cut.length > longest):
        raise Refusal("fix_cut_wrong", whole=f"{whole or 0:g}", **said)


def _needs_sound(media: Media, fixes: set[FixKind], anew: frozenset[str]) -> bool:
    audio = media.audio
    return audio is not None and (
        FixKind.SOUND in fixes or "sound" in anew or audio.codec not in COPIED_SOUNDS or not audio.sample_rate
    )


def _sound(media: Media, bounds: Bounds) -> Sound:
    audio = media.audio
    assert audio is not None
    fastest = min(bounds.most("audio.rate.max") or SOUND_RATES[0], Fraction(SOUND_RATES[0]))
    wanted = audio.sample_rate or SOUND_RATES[0]
    # The source's own rate where AAC has it; otherwise the best, from which nothing of the source is lost.
    allowed = [each for each in SOUND_RATES if each <= fastest]
    channels = min(audio.channels or 2, 2, int(bounds.most("audio.channels.max") or 2))
    return Sound(
        sample_rate=wanted if wanted in allowed else allowed[0],
        channels=channels,
        bit_rate=int(min(bounds.most("audio.bit_rate.max") or SOUND_BIT_RATE, SOUND_BIT_RATE)),
    )


def _picture(media: Media, video: Video, bounds: Bounds, cut: Cut | None) -> Picture:
    frame = _film_frame(video, bounds)
    average = video.rate.average if video.rate else Fraction(30)
    return Picture(
        width=frame.width,
        height=frame.height,
        canvas_width=frame.canvas_width,
        canvas_height=frame.canvas_height,
        rate=steady(average, bounds.least("video.fps.min"), bounds.most("video.fps.max")),
        bit_rate=_bit_rate(media, bounds, cut),
        deinterlace=video.interlaced is True,
        tonemap=video.dynamic is not Dynamic.SDR,
    )


def _film_frame(video: Video, bounds: Bounds) -> Frame:
    # Pixels become square. The longer reading keeps every line of the source.
    aspect = video.sample_aspect or Fraction(1)
    width, height = Fraction(video.width), Fraction(video.height)
    width, height = (width * aspect, height) if aspect >= 1 else (width, height / aspect)
    return fit(
        width,
        height,
        Box(
            widest=bounds.most("video.width.max", "video.side.max"),
            highest=bounds.most("video.side.max"),
            narrowest=bounds.least("video.side.min"),
            flattest=bounds.most("video.ratio.max"),
            steepest=bounds.least("video.ratio.min"),
        ),
        even=True,
    )


def _bit_rate(media: Media, bounds: Bounds, cut: Cut | None) -> int:
    """Return the ceiling: what is allowed for the rate, or what the size leaves for each second."""
    ceilings = [Fraction(BEST_BIT_RATE)]
    if (rate := bounds.most("video.bit_rate.max")) is not None:
        ceilings.append(rate)
    seconds = cut.length if cut else media.duration
    if (size := bounds.most("video.size.max")) is not None and seconds:
        ceilings.append(size * 8 * ROOM / Fraction(seconds) - SOUND_BIT_RATE)
    ceiling = int(min(ceilings))
    if ceiling < LEAST_BIT_RATE:
        raise Refusal("fix_impossible", rule="video.size.max")
    return ceiling


def _still(image: Image, bounds: Bounds) -> Still:
    frame = fit(
        Fraction(image.width),
        Fraction(image.height),
        Box(
            widest=bounds.most("image.width.max"),
            flattest=bounds.most("image.ratio.max"),
            steepest=bounds.least("image.ratio.min"),
            short_side=bounds.most("image.short_side.max"),
            long_side=bounds.most("image.long_side.max"),
        ),
        even=False,
    )
    return Still(
        width=frame.width,
        height=frame.height,
        canvas_width=frame.canvas_width,
        canvas_height=frame.canvas_height,
        largest=int(bounds.most("image.size.max") or LARGEST_STILL),
        orientation=image.orientation,
        primaries=_primaries(image),
    )


def _primaries(image: Image) -> str | None:
    """Return what the picture's colours are counted in. A profile we can't turn would come out in wrong colours."""
    name = (image.profile or "").lower()
    if image.mode == "cmyk":
        raise Refusal("fix_impossible", rule="image.colour.in")
    if not name or name.startswith(("srgb", "iec61966-2.1", "iec 61966-2-1", "c2")) or image.mode == "gray":
        return None
    if name not in PRIMARIES:
        raise Refusal("fix_impossible", rule="image.colour.in")
    return PRIMARIES[name]
