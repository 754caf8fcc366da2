"""The rules beside each provider: complete, dated, sourced, and refused where they make no sense."""

from datetime import date

import pytest

from core.domain.limits import Confidence, Limit
from core.providers import limits
from core.providers.limits import BadLimits, limit_sets

TARGETS = {
    "tiktok.video",
    "tiktok.photo",
    "instagram.reel",
    "instagram.story",
    "instagram.image",
    "instagram.carousel",
}
LAYERS = {"ayrshare", "mallary"}


def test_every_target_has_rules_of_its_own_and_of_both_layers():
    assert set(limit_sets()) == TARGETS | {f"{layer}.{target}" for layer in LAYERS for target in TARGETS}


@pytest.mark.parametrize("target", sorted(limit_sets()))
def test_every_rule_has_a_source_and_a_date(target):
    for rule in limit_sets()[target].limits:
        assert isinstance(rule, Limit)
        assert rule.source
        assert date(2026, 1, 1) <= rule.seen <= date(2026, 11, 21)
        assert rule.confidence in Confidence


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_a_layer_never_loosens_what_the_platform_blocks(target):
    beneath = limit_sets()[target]
    for layer in LAYERS:
        above = limit_sets()[f"{layer}.{target}"]
        for rule in beneath.limits:
            number = beneath.number(rule.code)
            if number is not None:
                assert (
                    above.number(rule.code) <= number
                    if rule.code.endswith("max")
                    else above.number(rule.code) >= number
                )


def a_file(rule):
    text = (
        '[sources.x]\nname = "x"\npage = "x"\nseen = 2026-01-01\n[targets."x"]\nkinds = ["video"]\nrules = ['
        + rule
        + "]\n"
    )
    return lambda: [text]


@pytest.mark.parametrize(
    "rule",
    [
        '{ code = "video.taste.max", limit = 1, severity = "block", source = "x" }',
        '{ code = "video.fps.most", limit = 1, severity = "block", source = "x" }',
        '{ code = "video.fps.max", limit = 1, unit = "furlongs", severity = "block", source = "x" }',
        '{ code = "video.fps.max", limit = ["a"], severity = "block", source = "x" }',
        '{ code = "video.codec.in", limit = 1, severity = "block", source = "x" }',
    ],
)
def test_a_rule_that_nothing_could_be_held_against_is_refused(monkeypatch, rule):
    monkeypatch.setattr(limits, "_texts", a_file(rule))
    with pytest.raises(BadLimits):
        limit_sets.__wrapped__()


def test_the_strictest_blocking_number_counts():
    assert limit_sets()["instagram.reel"].number("video.duration.max") == 900
    assert limit_sets()["tiktok.video"].number("video.side.min") == 360
    assert limit_sets()["tiktok.video"].number("image.size.max") is None
    assert limit_sets()["instagram.reel"].names("video.codec.in") == ("h264", "hevc")
