"""Pictures: format, size after rotation, colours, animation, from their headers alone."""

import pytest

from core.domain.media import Kind, Snag
from core.media.local import LocalFile
from tests.media import pictures
from tests.media.films import Film, make


@pytest.fixture
def read(probe, tmp_path):
    async def reading(content, name="picture"):
        (tmp_path / name).write_bytes(content)
        with LocalFile(tmp_path / name) as source:
            return await probe.probe(source)

    return reading


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (pictures.jpeg(), ("jpeg", 64, 80, "ycc", None)),
        (pictures.jpeg(orientation=3), ("jpeg", 64, 80, "ycc", None)),
        (pictures.jpeg(orientation=6), ("jpeg", 80, 64, "ycc", None)),
        (pictures.jpeg(profile="Display P3"), ("jpeg", 64, 80, "ycc", "Display P3")),
        (pictures.cmyk(), ("jpeg", 64, 80, "cmyk", None)),
        (pictures.png(), ("png", 64, 80, "rgb", None)),
        (pictures.png(pixels="gray"), ("png", 64, 80, "gray", None)),
        (pictures.png(profile="Adobe RGB (1998)"), ("png", 64, 80, "rgb", "Adobe RGB (1998)")),
        (pictures.webp(), ("webp", 64, 80, "ycc", None)),
    ],
    ids=["jpeg", "upside-down", "turned", "p3", "cmyk", "png", "gray", "adobe-rgb", "webp"],
)
async def test_a_picture_is_what_its_header_says(read, content, wanted):
    media = await read(content)
    image = media.image
    assert media.kind is Kind.IMAGE
    assert (image.format, image.width, image.height, image.mode, image.profile) == wanted
    assert (media.troubles, image.animated) == ((), False)


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("moving.gif", Film(codec="gif", pixels="rgb8", frames=5, rate=10, sounds=())),
        ("moving.png", Film(codec="apng", pixels="rgb24", frames=5, rate=10, sounds=(), format="apng")),
        ("moving.webp", Film(codec="libwebp_anim", frames=5, rate=10, sounds=())),
    ],
)
async def test_moving_pictures_are_animated(probe, tmp_path, name, film):
    make(tmp_path / name, film)
    with LocalFile(tmp_path / name) as source:
        media = await probe.probe(source)
    assert (media.kind, media.image.animated) == (Kind.IMAGE, True)
    assert (media.image.width, media.image.height) == (72, 128)


async def test_several_pictures_in_one_jpeg_are_told(read):
    assert (await read(pictures.jpeg(mpo=True))).image.several


async def test_a_picture_of_billions_of_pixels_is_measured_and_never_decoded(read):
    media = await read(pictures.huge_png())
    assert (media.image.width, media.image.height) == (60000, 60000)


@pytest.mark.parametrize(
    "content", [pictures.jpeg(), pictures.png(), pictures.webp()], ids=["jpeg", "png", "webp"]
)
async def test_a_picture_without_its_end_is_cut_off(read, content):
    media = await read(content[: len(content) - 20])
    assert Snag.TRUNCATED in {each.snag for each in media.troubles}


async def test_a_name_that_does_not_fit_is_told(read):
    media = await read(pictures.png(), "photo.jpg")
    assert [(each.snag, each.detail) for each in media.troubles] == [(Snag.WRONG_EXTENSION, ".jpg is png")]
