"""Each rule of each platform at its limit, and one step beyond: the table that names every number."""

from fractions import Fraction

import pytest

from core.domain.limits import Severity
from core.domain.media import Dynamic, Moov
from core.domain.preflight import Draft, examine
from core.providers.limits import limit_sets
from tests.unit.domain.media import AT, VIDEO, a_film, a_picture, rate

BLOCK, WARN, FINE = Severity.BLOCK, Severity.WARN, None
MIB, GIB = 2**20, 2**30
REEL, STORY, TIKTOK = "instagram.reel", "instagram.story", "tiktok.video"


def lasting(seconds):
    return a_film(video={"duration": seconds}, audio={"duration": seconds}, container={"duration": seconds})


def sized(width, height):
    return a_film(video={"width": width, "height": height})


def at_rate(fps, *, variable=False):
    return a_film(video={"rate": rate(fps, variable=variable)})


def heard(**audio):
    return a_film(audio=audio)


FILMS = [
    # Instagram: 3 s to 15 min for a Reel, 90 s as older pages have it, 3 to 60 s for a story
    (REEL, "video.duration.min", lasting(3.0), FINE),
    (REEL, "video.duration.min", lasting(2.999), BLOCK),
    (REEL, "video.duration.max", lasting(90.0), FINE),
    (REEL, "video.duration.max", lasting(90.001), WARN),
    ("instagram.carousel", "video.duration.max", lasting(900.0), FINE),
    ("instagram.carousel", "video.duration.max", lasting(900.001), BLOCK),
    (REEL, "video.duration.max", lasting(900.0), WARN),
    (REEL, "video.duration.max", lasting(900.001), BLOCK),
    (REEL, "video.duration.max", lasting(901.0), BLOCK),
    (STORY, "video.duration.min", lasting(2.9), BLOCK),
    (STORY, "video.duration.max", lasting(60.0), FINE),
    (STORY, "video.duration.max", lasting(60.001), BLOCK),
    # 23 to 60 frames a second, on both
    *((target, "video.fps.min", at_rate("23"), FINE) for target in (REEL, STORY, TIKTOK)),
    *((target, "video.fps.min", at_rate("24000/1001"), FINE) for target in (REEL, STORY, TIKTOK)),
    *((target, "video.fps.min", at_rate("22.98"), BLOCK) for target in (REEL, STORY, TIKTOK)),
    *((target, "video.fps.max", at_rate("60"), FINE) for target in (REEL, STORY, TIKTOK)),
    *((target, "video.fps.max", at_rate("60.02"), BLOCK) for target in (REEL, STORY, TIKTOK)),
    *((target, "video.rate.in", at_rate("30", variable=True), WARN) for target in (REEL, STORY, TIKTOK)),
    # Instagram: at most 1920 across, 0.01:1 (story: 0.1:1) to 10:1
    (REEL, "video.width.max", sized(1920, 1080), FINE),
    (REEL, "video.width.max", sized(1922, 1080), BLOCK),
    (REEL, "video.ratio.min", sized(10, 1000), FINE),
    (REEL, "video.ratio.min", sized(10, 1001), BLOCK),
    (STORY, "video.ratio.min", sized(100, 1000), FINE),
    (STORY, "video.ratio.min", sized(100, 1001), BLOCK),
    (REEL, "video.ratio.max", sized(1000, 100), FINE),
    (REEL, "video.ratio.max", sized(1001, 100), BLOCK),
    # the Reels tab, as older pages had it
    (REEL, "video.shape.in", sized(720, 1280), FINE),
    (REEL, "video.shape.in", sized(406, 720), FINE),
    (REEL, "video.shape.in", sized(1080, 1350), WARN),
    (REEL, "video.shape.in", sized(1280, 720), WARN),
    # Instagram: 300 MB for a Reel, 100 MB for a story; nobody says which kind of MB
    (REEL, "video.size.max", a_film(size=300_000_000), FINE),
    (REEL, "video.size.max", a_film(size=300_000_001), WARN),
    (REEL, "video.size.max", a_film(size=300 * MIB), WARN),
    (REEL, "video.size.max", a_film(size=300 * MIB + 1), BLOCK),
    (STORY, "video.size.max", a_film(size=100_000_000), FINE),
    (STORY, "video.size.max", a_film(size=100 * MIB + 1), BLOCK),
    (REEL, "video.bit_rate.max", a_film(video={"bit_rate": 25_000_000}), FINE),
    (REEL, "video.bit_rate.max", a_film(video={"bit_rate": 25_000_001}), BLOCK),
    # Instagram: index first, no edit list, MP4 or MOV, H.264 or HEVC, progressive, closed groups, 4:2:0
    (REEL, "video.moov.in", a_film(container={"moov": Moov.FIRST}), FINE),
    (REEL, "video.moov.in", a_film(container={"moov": Moov.LAST}), BLOCK),
    (REEL, "video.edit_lists.max", a_film(container={"edit_lists": 0}), FINE),
    (REEL, "video.edit_lists.max", a_film(container={"edit_lists": 1}), WARN),
    (REEL, "video.container.in", a_film(container={"format": "mov"}), FINE),
    (REEL, "video.container.in", a_film(container={"format": "webm"}), BLOCK),
    (REEL, "video.codec.in", a_film(video={"codec": "hevc"}), FINE),
    (REEL, "video.codec.in", a_film(video={"codec": "vp9"}), BLOCK),
    (REEL, "video.scan.in", a_film(video={"interlaced": True}), BLOCK),
    (REEL, "video.scan.in", a_film(video={"interlaced": None}), FINE),
    (REEL, "video.gop.in", a_film(video={"open_gop": True}), WARN),
    (REEL, "video.chroma.in", a_film(video={"chroma": "4:2:2"}), BLOCK),
    (REEL, "video.dynamic.in", a_film(video={"dynamic": Dynamic.HDR10}), WARN),
    # Instagram: AAC, at most 48 kHz, one or two channels
    (REEL, "audio.codec.in", heard(codec="ac3"), BLOCK),
    (REEL, "audio.rate.max", heard(sample_rate=48000), FINE),
    (REEL, "audio.rate.max", heard(sample_rate=48001), BLOCK),
    (REEL, "audio.channels.max", heard(channels=2), FINE),
    (REEL, "audio.channels.max", heard(channels=3), BLOCK),
    (REEL, "audio.bit_rate.max", heard(bit_rate=140_800), FINE),
    (REEL, "audio.bit_rate.max", heard(bit_rate=140_801), WARN),
    (REEL, "audio.tracks.min", a_film(audios=()), WARN),
    # TikTok: 360 to 4096 pixels each side, and 720 by another source
    (TIKTOK, "video.side.min", sized(720, 720), FINE),
    (TIKTOK, "video.side.min", sized(719, 1280), WARN),
    (TIKTOK, "video.side.min", sized(360, 640), WARN),
    (TIKTOK, "video.side.min", sized(359, 640), BLOCK),
    (TIKTOK, "video.side.max", sized(1080, 4096), FINE),
    (TIKTOK, "video.side.max", sized(1080, 4097), BLOCK),
    (TIKTOK, "video.size.max", a_film(size=4_000_000_000), FINE),
    (TIKTOK, "video.size.max", a_film(size=4 * GIB), WARN),
    (TIKTOK, "video.size.max", a_film(size=4 * GIB + 1), BLOCK),
    (TIKTOK, "video.duration.max", lasting(180.0), FINE),
    (TIKTOK, "video.duration.max", lasting(180.001), WARN),
    (TIKTOK, "video.duration.max", lasting(600.0), WARN),
    (TIKTOK, "video.duration.max", lasting(600.001), BLOCK),
    (TIKTOK, "video.duration.min", lasting(2.999), WARN),
    (TIKTOK, "video.container.in", a_film(container={"format": "webm"}), FINE),
    (TIKTOK, "video.container.in", a_film(container={"format": "avi"}), BLOCK),
    (TIKTOK, "video.codec.in", a_film(video={"codec": "vp8"}), FINE),
    (TIKTOK, "video.codec.in", a_film(video={"codec": "av1"}), BLOCK),
    (TIKTOK, "video.dynamic.in", a_film(video={"dynamic": Dynamic.HLG}), WARN),
    # the layers' own
    ("ayrshare.tiktok.video", "video.size.max", a_film(size=GIB), WARN),
    ("ayrshare.tiktok.video", "video.size.max", a_film(size=GIB + 1), BLOCK),
    ("ayrshare.tiktok.video", "video.duration.min", lasting(2.9), BLOCK),
    ("ayrshare.tiktok.video", "video.shape.in", sized(1280, 720), FINE),
    ("ayrshare.tiktok.video", "video.shape.in", sized(1000, 800), WARN),
    ("mallary.instagram.reel", "video.size.max", a_film(size=300 * MIB + 1), BLOCK),
]
PICTURES = [
    ("instagram.image", "image.format.in", a_picture(image={"format": "png"}), BLOCK),
    ("instagram.image", "image.format.in", a_picture(image={"several": True}), BLOCK),
    ("instagram.image", "image.size.max", a_picture(size=8_000_000), FINE),
    ("instagram.image", "image.size.max", a_picture(size=8 * MIB), WARN),
    ("instagram.image", "image.size.max", a_picture(size=8 * MIB + 1), BLOCK),
    ("instagram.image", "image.ratio.min", a_picture(image={"width": 1080, "height": 1350}), FINE),
    ("instagram.image", "image.ratio.min", a_picture(image={"width": 1080, "height": 1351}), BLOCK),
    ("instagram.image", "image.ratio.max", a_picture(image={"width": 1910, "height": 1000}), FINE),
    ("instagram.image", "image.ratio.max", a_picture(image={"width": 1911, "height": 1000}), BLOCK),
    ("instagram.image", "image.width.min", a_picture(image={"width": 319, "height": 319}), WARN),
    ("instagram.image", "image.width.max", a_picture(image={"width": 1441, "height": 1441}), WARN),
    ("instagram.image", "image.colour.in", a_picture(image={"profile": "sRGB IEC61966-2.1"}), FINE),
    ("instagram.image", "image.colour.in", a_picture(image={"profile": "Display P3"}), WARN),
    ("instagram.image", "image.colour.in", a_picture(image={"mode": "cmyk"}), WARN),
    ("instagram.story", "image.size.max", a_picture(size=8 * MIB + 1), BLOCK),
    ("tiktok.photo", "image.format.in", a_picture(image={"format": "webp"}), FINE),
    ("tiktok.photo", "image.format.in", a_picture(image={"format": "png"}), BLOCK),
    ("tiktok.photo", "image.size.max", a_picture(size=20_000_000), FINE),
    ("tiktok.photo", "image.size.max", a_picture(size=20 * MIB + 1), BLOCK),
    ("tiktok.photo", "image.short_side.max", a_picture(image={"width": 1080, "height": 1920}), FINE),
    ("tiktok.photo", "image.short_side.max", a_picture(image={"width": 1081, "height": 1920}), WARN),
    ("tiktok.photo", "image.long_side.max", a_picture(image={"width": 1921, "height": 1080}), WARN),
    ("tiktok.photo", "image.motion.in", a_picture(image={"animated": True}), WARN),
    ("ayrshare.tiktok.photo", "image.format.in", a_picture(image={"format": "heic"}), FINE),
]
EMOJI = "😀"
WORDS = [
    (TIKTOK, "caption.units.max", "a" * 2200, FINE),
    (TIKTOK, "caption.units.max", "a" * 2201, BLOCK),
    (TIKTOK, "caption.units.max", EMOJI * 1100, FINE),
    (TIKTOK, "caption.units.max", EMOJI * 1100 + "a", BLOCK),
    (REEL, "caption.characters.max", EMOJI * 2200, FINE),
    (REEL, "caption.characters.max", "a" * 2201, BLOCK),
    (REEL, "caption.units.max", EMOJI * 1101, WARN),
    (REEL, "caption.hashtags.max", "#tag " * 5, FINE),
    (REEL, "caption.hashtags.max", "#tag " * 6, WARN),
    (REEL, "caption.hashtags.max", "#tag " * 30, WARN),
    (REEL, "caption.hashtags.max", "#tag " * 31, BLOCK),
    (REEL, "caption.mentions.max", "@someone " * 3, FINE),
    (REEL, "caption.mentions.max", "@someone " * 4, WARN),
    (REEL, "caption.mentions.max", "@someone " * 20, WARN),
    (REEL, "caption.mentions.max", "@someone " * 21, BLOCK),
]


def severity(media, code, target, draft=None):
    """How bad one rule finds it, None where it is kept."""
    found = examine(media, draft or Draft(), limit_sets()[target], AT)
    return next((each.severity for each in found if each.code == code), None)


def named(rows):
    return [f"{target}-{code}-{number}" for number, (target, code, *_) in enumerate(rows)]


@pytest.mark.parametrize(
    ("target", "code", "media", "expected"), FILMS + PICTURES, ids=named(FILMS + PICTURES)
)
def test_a_rule_holds_exactly_at_its_limit(target, code, media, expected):
    assert severity([media], code, target) is expected


@pytest.mark.parametrize(("target", "code", "caption", "expected"), WORDS, ids=named(WORDS))
def test_words_are_counted_as_the_platform_counts(target, code, caption, expected):
    assert severity([a_film()], code, target, Draft(caption=caption)) is expected


@pytest.mark.parametrize(
    ("target", "code", "count", "expected"),
    [
        ("instagram.carousel", "post.items.min", 2, FINE),
        ("instagram.carousel", "post.items.min", 1, BLOCK),
        ("instagram.carousel", "post.items.max", 10, FINE),
        ("instagram.carousel", "post.items.max", 11, BLOCK),
        ("tiktok.photo", "post.items.max", 35, FINE),
        ("tiktok.photo", "post.items.max", 36, BLOCK),
        ("instagram.image", "post.items.max", 2, BLOCK),
    ],
)
def test_a_post_has_as_many_files_as_allowed(target, code, count, expected):
    assert severity([a_picture()] * count, code, target) is expected


@pytest.mark.parametrize(("title", "expected"), [("a" * 90, FINE), ("a" * 91, BLOCK), (EMOJI * 46, BLOCK)])
def test_a_title_of_photos_is_short(title, expected):
    assert severity([a_picture()], "title.units.max", "tiktok.photo", Draft(title=title)) is expected


def test_every_rule_of_the_data_is_in_these_tables():
    tried = {code for _, code, *_ in FILMS + PICTURES + WORDS} | {
        "post.items.min",
        "post.items.max",
        "title.units.max",
    }
    assert {limit.code for rules in limit_sets().values() for limit in rules.limits} <= tried


def test_pixels_that_are_not_square_count_in_the_shape():
    wide = a_film(video={"width": 1000, "height": 150, "sample_aspect": Fraction(2)})
    assert severity([wide], "video.ratio.max", REEL) is BLOCK
    assert VIDEO.ratio == Fraction(9, 16)
