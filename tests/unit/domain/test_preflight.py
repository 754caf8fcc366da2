"""How findings are ordered, worded in numbers, joined with accounts, and asked of people."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.fixes import FIXES, FixKind
from core.domain.limits import Severity
from core.domain.media import Kind, Snag, Trouble
from core.domain.preflight import Draft, Music, Verdict, examine, verdict
from core.domain.refusals import Refusal
from core.domain.targets import choose
from core.domain.verdict import Block
from core.providers.limits import limit_sets
from tests.unit.domain.media import AT, a_film, a_picture, an_account, rate

SETS = limit_sets()
REEL, TIKTOK = SETS["instagram.reel"], SETS["tiktok.video"]


def found(media, limits=REEL, draft=None, at=AT):
    media = media if isinstance(media, list) else [media]
    return examine(media, draft or Draft(), limits, at)


def only(media, code, **rest):
    return next(each for each in found(media, **rest) if each.code == code)


@pytest.mark.parametrize(
    "target", [name for name, rules in SETS.items() if Kind.VIDEO in rules.kinds and "carousel" not in name]
)
def test_a_film_as_it_should_be_is_ready_everywhere(target):
    assert found(a_film(), SETS[target]) == ()


@pytest.mark.parametrize(
    "target", [name for name, rules in SETS.items() if Kind.IMAGE in rules.kinds and "carousel" not in name]
)
def test_a_picture_as_it_should_be_is_ready_everywhere(target):
    assert found(a_picture(), SETS[target]) == ()


def test_what_blocks_comes_first_and_questions_last():
    film = a_film(video={"codec": "vp9", "duration": 100.0, "rate": rate("30", variable=True)})
    severities = [each.severity for each in found(film, draft=Draft(music=Music.UNASKED))]
    assert severities == sorted(severities, key=[*Severity].index)
    assert severities[-1] is Severity.QUESTION


@pytest.mark.parametrize(
    ("film", "expected"),
    [
        (a_film(), Verdict.READY),
        (a_film(container={"edit_lists": 1}), Verdict.WARNINGS),
        (a_film(video={"codec": "vp9"}, container={"edit_lists": 1}), Verdict.BLOCKED),
    ],
)
def test_the_verdict_follows_the_worst_finding(film, expected):
    assert verdict(found(film)) is expected


def test_a_question_alone_holds_nothing_back():
    assert verdict(found(a_film(), draft=Draft(music=Music.UNASKED))) is Verdict.READY


def test_numbers_that_differ_never_read_the_same():
    finding = only(a_film(video={"duration": 900.001}), "video.duration.max")
    assert finding.measured != "15 min"
    assert finding.allowed.startswith("at most 15 min")


def test_sources_that_contradict_one_another_are_both_named():
    finding = only(a_film(), "caption.hashtags.max", draft=Draft(caption="#a " * 6))
    assert finding.allowed == "at most 5 hashtags (Ayrshare); at most 30 hashtags (Instagram)"


def test_one_rule_gives_one_finding_about_its_worst_place():
    small = found(a_film(video={"width": 300, "height": 200}), TIKTOK)
    assert [(each.code, each.where, each.measured) for each in small] == [
        ("video.side.min", "video height", "200 px")
    ]


def test_sound_that_outlasts_the_pictures_only_warns():
    finding = only(a_film(video={"duration": 900.0}, audio={"duration": 900.02}), "video.duration.max")
    assert finding.severity is Severity.WARN


def test_what_could_not_be_told_warns_where_it_matters():
    finding = only(a_film(video={"rate": None}), "video.fps.max")
    assert (finding.severity, finding.measured) == (Severity.WARN, "unknown")


@pytest.mark.parametrize("snag", Snag)
def test_every_snag_is_a_finding(snag):
    finding = only(a_film(troubles=(Trouble(snag=snag, detail="seen"),)), f"file.{snag}")
    assert finding.measured == ("unreadable" if snag is Snag.UNREADABLE else "seen")


def test_a_broken_file_is_not_also_called_the_wrong_kind():
    broken = a_film(kind=Kind.NONE, videos=(), audios=(), troubles=(Trouble(snag=Snag.PLAYLIST),))
    assert [each.code for each in found(broken)] == ["file.playlist"]


@pytest.mark.parametrize(("media", "target"), [(a_picture(), "instagram.reel"), (a_film(), "tiktok.photo")])
def test_the_wrong_kind_blocks(media, target):
    assert [each.code for each in found(media, SETS[target])] == ["file.kind"]


def test_findings_about_several_files_say_which():
    several = [a_picture(), a_picture(image={"format": "png"}), a_film(video={"codec": "vp9"})]
    marked = [
        (each.item, each.code)
        for each in found(several, SETS["instagram.carousel"])
        if each.severity is Severity.BLOCK
    ]
    assert marked == [(2, "image.format.in"), (3, "video.codec.in")]


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("video.moov.in", FixKind.REMUX),
        ("video.codec.in", FixKind.TRANSCODE),
        ("video.duration.max", FixKind.TRIM),
        ("caption.units.max", None),
    ],
)
def test_findings_carry_the_least_fix(code, fix):
    assert FIXES.get(code) is fix


# what an account reports of itself


@pytest.mark.parametrize(
    ("most", "seconds", "expected"),
    [
        (300, 300.0, None),
        (300, 300.001, Severity.BLOCK),
        (3600, 700.0, None),
        (3600, 3600.001, Severity.BLOCK),
        (60, 61.0, Severity.BLOCK),
    ],
)
def test_a_creators_own_maximum_stands_in_for_the_general_one(most, seconds, expected):
    joined = TIKTOK.joined(an_account(max_duration=most))
    film = a_film(video={"duration": seconds})
    assert (
        next((each.severity for each in found(film, joined) if each.code == "video.duration.max"), None)
        is expected
    )


def test_a_layers_own_maximum_stays_whatever_the_account_may():
    joined = SETS["ayrshare.tiktok.video"].joined(an_account(max_duration=3600))
    assert (
        only(a_film(video={"duration": 601.0}), "video.duration.max", limits=joined).severity
        is Severity.BLOCK
    )


def test_an_account_without_a_number_changes_no_rule():
    assert REEL.joined(an_account(max_duration=60)).limits != ()
    assert TIKTOK.joined(an_account()).limits == TIKTOK.limits


@pytest.mark.parametrize(
    ("account", "code", "severity"),
    [
        (an_account(blocked=Block.NOT_GRANTED), "account.publish", Severity.BLOCK),
        (an_account(quota_left=0, quota_total=50), "account.quota", Severity.WARN),
        (an_account(seen_at=AT - timedelta(minutes=61)), "account.stale", Severity.WARN),
    ],
)
def test_what_the_account_may_not_do_is_a_finding(account, code, severity):
    assert [(each.code, each.severity) for each in found(a_film(), TIKTOK.joined(account))] == [
        (code, severity)
    ]


@pytest.mark.parametrize(
    "account",
    [an_account(quota_left=1, quota_total=50), an_account(seen_at=AT - timedelta(minutes=60))],
)
def test_what_the_account_may_do_is_none(account):
    assert found(a_film(), TIKTOK.joined(account)) == ()


# music


@pytest.mark.parametrize(
    ("draft", "account", "severity"),
    [
        (Draft(), an_account(), None),
        (Draft(music=Music.UNASKED), an_account(), Severity.QUESTION),
        (Draft(music=Music.NONE), an_account(), None),
        (Draft(music=Music.OWN), an_account(business=True), None),
        (Draft(music=Music.COMMERCIAL, promotes=True), an_account(), None),
        (Draft(music=Music.POPULAR), an_account(), Severity.WARN),
        (Draft(music=Music.POPULAR), an_account(business=True), Severity.BLOCK),
        (Draft(music=Music.POPULAR, promotes=True), an_account(), Severity.BLOCK),
    ],
)
def test_music_is_judged_by_what_people_said(draft, account, severity):
    findings = found(a_film(), REEL.joined(account), draft)
    assert [each.severity for each in findings if each.code == "audio.rights"] == (
        [severity] if severity else []
    )


@pytest.mark.parametrize("film", [a_film(audio={"silent": True}), replace(a_film(), audios=())])
def test_nobody_is_asked_about_sound_that_nobody_hears(film):
    assert "audio.rights" not in {each.code for each in found(film, draft=Draft(music=Music.UNASKED))}


def test_several_films_ask_once():
    findings = found([a_film(), a_film()], SETS["instagram.carousel"], Draft(music=Music.UNASKED))
    assert [each.code for each in findings] == ["audio.rights"]


# where it goes


@pytest.mark.parametrize(
    ("names", "media", "expected"),
    [
        ([], [a_film()], {"tiktok.video": "tiktok.video", "instagram.reel": "instagram.reel"}),
        ([], [a_picture()], {"tiktok.photo": "tiktok.photo", "instagram.image": "instagram.image"}),
        ([], [a_picture()] * 2, {"tiktok.photo": "tiktok.photo", "instagram.carousel": "instagram.carousel"}),
        (
            ["tiktok", "instagram.reel"],
            [a_film()],
            {"tiktok": "tiktok.video", "instagram.reel": "instagram.reel"},
        ),
        (
            ["TikTok", "ayrshare.instagram"],
            [a_picture()],
            {"tiktok": "tiktok.photo", "ayrshare.instagram": "ayrshare.instagram.image"},
        ),
    ],
)
def test_a_platform_alone_stands_for_the_form_that_fits(names, media, expected):
    assert {name: rules.target for name, rules in choose(names, media, SETS).items()} == expected


@pytest.mark.parametrize("name", ["facebook", "instagram.tv", "", "tiktok.video.x"])
def test_an_unknown_target_is_refused_with_those_that_exist(name):
    with pytest.raises(Refusal) as refused:
        choose([name], [a_film()], SETS)
    assert (refused.value.code, "instagram.reel" in refused.value.facts["known"]) == ("unknown_target", True)
