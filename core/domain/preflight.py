"""What a platform would say to a post, said before anybody waits for it. Pure: facts and rules in, findings out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from core.domain.fixes import FIXES, FixKind
from core.domain.limits import SCALES, Bound, Limit, LimitSet, Severity
from core.domain.measures import MUST_BE_KNOWN, OF_MEDIA, OF_WORDS, Measured, Words, items
from core.domain.media import Kind, Media, Snag
from core.domain.quantity import allowed, spoken

ACCOUNT_FRESH = timedelta(hours=1)
"""How long an account's own limits are believed. TikTok wants them asked for anew whenever a post is composed."""


class Verdict(StrEnum):
    """What the findings amount to."""

    READY = "ready"
    WARNINGS = "warnings"
    BLOCKED = "blocked"


class Music(StrEnum):
    """What a person said about music in a post. UNASKED: nobody has been asked yet."""

    UNASKED = "unasked"
    NONE = "none"
    OWN = "own"
    COMMERCIAL = "commercial"
    """From a library that is cleared for commercial use."""
    POPULAR = "popular"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of a post besides its media. `music` None: this is about files, not yet about a post.

    `promotes` is true for content that promotes a brand, its own or another's. `to_inbox`: its owner finishes it on
    the platform, which then takes what it takes from everybody.
    """

    caption: str = ""
    title: str = ""
    promotes: bool = False
    music: Music | None = None
    to_inbox: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result: which rule, how bad, where, what was measured, what is allowed, and what would mend it.

    `item` counts from 1 and is None where a post has one file.
    """

    code: str
    severity: Severity
    where: str
    measured: str
    allowed: str
    source: str = ""
    fix: FixKind | None = None
    item: int | None = None


_ORDER = (Severity.BLOCK, Severity.WARN, Severity.QUESTION)
_MILD_SNAGS = frozenset({Snag.WRONG_EXTENSION, Snag.DISAGREES, Snag.UNTRUE})


def examine(media: Sequence[Media], draft: Draft, limits: LimitSet, at: datetime) -> tuple[Finding, ...]:
    """Return what stands against sending these files as one post to this target, what blocks first.

    Empty: nothing is known against it. One file is judged as itself, several as the items of one post.
    """
    found = [
        finding if len(media) == 1 else replace(finding, item=number)
        for number, each in enumerate(media, start=1)
        for finding in _of_file(each, limits)
    ]
    found += _of_words(draft, limits)
    found += _broken(limits.of("post.items"), [items(media)])
    found += _of_account(limits, at)
    found += _of_music(media, draft, limits)
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def verdict(findings: Sequence[Finding]) -> Verdict:
    """Return what findings amount to. A question alone holds nothing back."""
    severities = {each.severity for each in findings}
    if Severity.BLOCK in severities:
        return Verdict.BLOCKED
    return Verdict.WARNINGS if Severity.WARN in severities else Verdict.READY


def _of_file(media: Media, limits: LimitSet) -> list[Finding]:
    found = [_snagged(each.snag, each.detail) for each in media.troubles]
    if media.kind not in limits.kinds:
        if not any(each.severity is Severity.BLOCK for each in found):
            found.append(_wrong_kind(media.kind, limits))
        return found
    prefixes = ("image.",) if media.kind is Kind.IMAGE else ("video.", "audio.")
    for subject, rules in _by_subject(limits):
        if subject.startswith(prefixes):
            found += _broken(rules, list(OF_MEDIA[subject](media)))
    return found


def _of_words(draft: Draft, limits: LimitSet) -> list[Finding]:
    words = Words(caption=draft.caption, title=draft.title)
    return [
        finding
        for subject, rules in _by_subject(limits)
        if subject in OF_WORDS
        for finding in _broken(rules, list(OF_WORDS[subject](words)))
    ]


def _by_subject(limits: LimitSet) -> Iterable[tuple[str, Sequence[Limit]]]:
    """Return each subject with its rules, in the order in which subjects first appear."""
    found: dict[str, list[Limit]] = {}
    for each in limits.limits:
        found.setdefault(each.subject, []).append(each)
    return found.items()


def _broken(rules: Sequence[Limit], measured: Sequence[Measured]) -> list[Finding]:
    """Return one finding for each broken code: the worst rule at the worst place."""
    found = []
    for code, group in groupby(sorted(rules, key=lambda rule: rule.code), key=lambda rule: rule.code):
        same = list(group)
        if any(each.value is None for each in measured):
            found += [_unknown(code, same)] if same[0].subject in MUST_BE_KNOWN else []
            continue
        broken = [
            (each, rule)
            for each in measured
            for rule in same
            if each.value is not None and not rule.allows(each.value)
        ]
        if broken:
            each, worst = min(broken, key=lambda pair: (_rank(*pair), _distance(pair[1]), _excess(*pair)))
            found.append(_finding(code, worst, same, each))
    return found


def _rank(each: Measured, rule: Limit) -> int:
    return _ORDER.index(Severity.WARN if each.mild else rule.severity)


def _excess(each: Measured, rule: Limit) -> Fraction:
    if not isinstance(each.value, Fraction):
        return Fraction(0)
    return each.value if rule.bound is Bound.MIN else -each.value


def _finding(code: str, worst: Limit, same: Sequence[Limit], each: Measured) -> Finding:
    assert each.value is not None
    return Finding(
        code=code,
        severity=Severity.WARN if each.mild else worst.severity,
        where=each.where,
        measured=spoken(each.value, worst.unit, apart_from=worst.limit),
        allowed=allowed(worst, same),
        source=worst.source,
        fix=FIXES.get(code),
    )


def _distance(rule: Limit) -> Fraction:
    """Among rules of one severity the wider one says more: even it is broken."""
    if isinstance(rule.limit, tuple):
        return Fraction(0)
    number = rule.limit * SCALES[rule.unit]
    return number if rule.bound is Bound.MIN else -number


def _unknown(code: str, same: Sequence[Limit]) -> Finding:
    return Finding(
        code=code,
        severity=Severity.WARN,
        where="file",
        measured="unknown",
        allowed=allowed(same[0], same),
        source=same[0].source,
        fix=FixKind.REMUX,
    )


def _snagged(snag: Snag, detail: str) -> Finding:
    code = f"file.{snag}"
    severity = Severity.WARN if snag in _MILD_SNAGS else Severity.BLOCK
    return Finding(
        code=code,
        severity=severity,
        where="file",
        # What a decoder calls its error helps whoever reads the facts, not whoever made the film.
        measured=(detail if snag is not Snag.UNREADABLE else "") or snag.replace("_", " "),
        allowed="a whole video or picture",
        fix=FIXES.get(code),
    )


def _wrong_kind(kind: Kind, limits: LimitSet) -> Finding:
    return Finding(
        code="file.kind",
        severity=Severity.BLOCK,
        where="file",
        measured=kind,
        allowed=" or ".join(sorted(limits.kinds)),
    )


def _of_account(limits: LimitSet, at: datetime) -> list[Finding]:
    account = limits.account
    if account is None:
        return []
    who = f"@{account.handle}"

    def finding(code: str, severity: Severity, measured: str, most: str) -> Finding:
        return Finding(
            code=code, severity=severity, where="account", measured=measured, allowed=most, source=who
        )

    found = []
    if account.blocked is not None:
        found.append(finding("account.publish", Severity.BLOCK, account.blocked, "a link that may publish"))
    if account.quota_left is not None and account.quota_left <= 0:
        total = f"{account.quota_total} posts in 24 hours" if account.quota_total else "posts left today"
        # Room comes back within the day, and a delivery waits for it.
        found.append(finding("account.quota", Severity.WARN, "0 posts left", total))
    if at - account.seen_at > ACCOUNT_FRESH:
        seen = account.seen_at.isoformat(timespec="minutes")
        found.append(finding("account.stale", Severity.WARN, seen, "asked for within the last hour"))
    return found


def _of_music(media: Sequence[Media], draft: Draft, limits: LimitSet) -> list[Finding]:
    """Say what can be known about restricted sound, and ask for the rest once: no file tells whose music it holds."""
    if draft.music is None or not any(each.kind is Kind.VIDEO and each.has_sound for each in media):
        return []
    business = draft.promotes or bool(limits.account and limits.account.business)
    if draft.music is Music.UNASKED:
        severity, measured = Severity.QUESTION, "sound of unknown origin"
    elif draft.music is Music.POPULAR:
        severity, measured = (Severity.BLOCK if business else Severity.WARN), "popular music"
    else:
        return []
    cleared = "own, or cleared for commercial use" if business else "own, or licensed for this platform"
    return [
        Finding(code="audio.rights", severity=severity, where="sound", measured=measured, allowed=cleared)
    ]
