"""What a post's content lacks before anybody can be asked about it. Pure: content and what is known in, flaws out."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.domain.account import Platform
from core.domain.alerts import zone_of
from core.domain.creator import Creator
from core.domain.limits import LimitSet
from core.domain.measures import OF_WORDS, Words
from core.domain.media import Kind
from core.domain.post import Content, Form, Item, Sender, Target, TikTokOptions
from core.domain.preflight import Draft
from core.domain.verdict import Block

FARTHEST = timedelta(days=90)
"""How far ahead a post may be timed: a link that is approved of today says little about later."""
SELF_ONLY = "SELF_ONLY"
_ONE, _MANY = 1, 35
_TAKES: Mapping[Form, tuple[frozenset[Kind], int, int]] = {
    Form.TIKTOK_VIDEO: (frozenset({Kind.VIDEO}), _ONE, _ONE),
    Form.TIKTOK_PHOTO: (frozenset({Kind.IMAGE}), _ONE, _MANY),
    Form.REEL: (frozenset({Kind.VIDEO}), _ONE, _ONE),
    Form.IMAGE: (frozenset({Kind.IMAGE}), _ONE, _ONE),
    Form.CAROUSEL: (frozenset({Kind.VIDEO, Kind.IMAGE}), 2, 10),
    Form.STORY: (frozenset({Kind.VIDEO, Kind.IMAGE}), _ONE, _ONE),
}
"""Kinds of files and how many, fewest and most; a platform's usual form comes before its others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What stops a request: its code, the field a person would change, and what the sentence needs."""

    code: str
    field: str = ""
    platform: Platform | None = None
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known around a content: the accounts it would go out as, what blocks them, what TikTok's creator may."""

    senders: Mapping[Platform, Sender] = dataclasses.field(default_factory=dict)
    blocked: Mapping[Platform, Block] = dataclasses.field(default_factory=dict)
    creator: Creator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How much of a text's limit is used where it goes. `subject` is a rule's, like "caption.units"."""

    form: Form
    subject: str
    used: int
    most: int
    unit: str

    @property
    def left(self) -> int:
        """What may still be added; negative where it is too much."""
        return self.most - self.used


def flaws(content: Content, around: Around, at: datetime) -> tuple[Flaw, ...]:
    """Return what stands against asking for this content at a moment. Empty: it may be asked for."""
    return tuple(_flaws(content, around, at))


def _flaws(content: Content, around: Around, at: datetime) -> Iterator[Flaw]:
    if not content.items:
        yield Flaw(code="media_missing", field="items")
    if not content.targets:
        yield Flaw(code="targets_missing", field="targets")
    if len({each.platform for each in content.targets}) < len(content.targets):
        yield Flaw(code="target_twice", field="targets")
    for target in content.targets:
        yield from _of_target(target, content, around, at)
    if content.publish_at is not None and content.publish_at <= at:
        yield Flaw(code="time_past", field="time")
    if content.publish_at is not None and content.publish_at > at + FARTHEST:
        yield Flaw(code="time_too_far", field="time", facts={"days": str(FARTHEST.days)})


def _of_target(target: Target, content: Content, around: Around, at: datetime) -> Iterator[Flaw]:
    platform, items = target.platform, content.items
    if platform not in around.senders:
        yield Flaw(code="account_missing", field="targets", platform=platform)
    elif platform in around.blocked:
        block = around.blocked[platform]
        yield Flaw(code="account_blocked", field="targets", platform=platform, facts={"block": block})
    if items and not takes(target.form, items):
        yield Flaw(code="media_unfit", field="targets", platform=platform, facts={"form": target.form})
    if platform is Platform.TIKTOK and not target.tiktok.to_inbox:
        if platform in around.senders and platform not in around.blocked:
            yield from _of_creator(target, around.creator, content.publish_at, at)
        yield from _of_choices(target.tiktok)


def _of_creator(
    target: Target, creator: Creator | None, publish_at: datetime | None, at: datetime
) -> Iterator[Flaw]:
    """Yield what the creator's own settings, asked for lately, rule out."""
    if creator is None or not creator.is_fresh(at):
        yield Flaw(code="creator_unknown", field="targets", platform=Platform.TIKTOK)
        return
    if creator.has_no_room(publish_at):
        yield Flaw(code="creator_capped", field="targets", platform=Platform.TIKTOK)
        return
    chosen = target.tiktok
    if chosen.privacy is not None and chosen.privacy not in creator.options:
        facts = {"chosen": chosen.privacy, "offered": " ".join(creator.options)}
        yield Flaw(code="privacy_not_offered", field="privacy", platform=Platform.TIKTOK, facts=facts)
    is_photo = target.form is Form.TIKTOK_PHOTO
    for name, is_wanted, is_possible in (
        ("comment", chosen.allow_comment, creator.may_comment),
        ("duet", chosen.allow_duet, creator.may_duet and not is_photo),
        ("stitch", chosen.allow_stitch, creator.may_stitch and not is_photo),
    ):
        if is_wanted and not is_possible:
            why = "photo" if is_photo and name != "comment" else "off"
            yield Flaw(code=f"{name}_{why}", field=name, platform=Platform.TIKTOK)


def _of_choices(chosen: TikTokOptions) -> Iterator[Flaw]:
    """Yield what a person has yet to say or contradicts (content-sharing guidelines, all checked at the audit)."""
    if chosen.privacy is None:
        yield Flaw(code="privacy_missing", field="privacy", platform=Platform.TIKTOK)
    if chosen.discloses and not (chosen.own_brand or chosen.branded):
        yield Flaw(code="disclosure_empty", field="disclosure", platform=Platform.TIKTOK)
    if chosen.discloses and chosen.branded and chosen.privacy == SELF_ONLY:
        yield Flaw(code="branded_private", field="privacy", platform=Platform.TIKTOK)
    if not chosen.consents:
        yield Flaw(code="consent_missing", field="consent", platform=Platform.TIKTOK)


def takes(form: Form, items: Sequence[Item]) -> bool:
    """True where files of these kinds, as many as there are, can become this form."""
    kinds, fewest, most = _TAKES[form]
    return fewest <= len(items) <= most and all(each.kind in kinds for each in items)


def forms_for(items: Sequence[Item]) -> tuple[Form, ...]:
    """Return all forms that these files can become, a platform's usual one first; without files every form."""
    return tuple(form for form in _TAKES if not items or takes(form, items))


def default_targets(items: Sequence[Item]) -> tuple[Target, ...]:
    """Return where files go when nobody chose: the usual form on each platform that takes them."""
    usual: dict[Platform, Form] = {}
    for form in forms_for(items) if items else ():
        usual.setdefault(form.platform, form)
    return tuple(Target(form=form) for form in usual.values())


def fitted(content: Content) -> Content:
    """Return content with targets that its files fit, keeping what people chose where that still fits."""
    usual = default_targets(content.items)
    kept = tuple(each for each in content.targets if takes(each.form, content.items))
    if not content.targets:
        return dataclasses.replace(content, targets=usual)
    wanted = {each.platform for each in content.targets} - {each.platform for each in kept}
    anew = tuple(
        dataclasses.replace(former, form=each.form)
        for each in usual
        if each.platform in wanted
        for former in [content.target(each.platform)]
        if former is not None
    )
    return dataclasses.replace(content, targets=kept + anew)


def draft_of(content: Content, target: Target) -> Draft:
    """Return what preflight needs to know besides the files. Audiences are judged here, not there."""
    chosen = target.tiktok
    return Draft(
        caption=content.caption_of(target),
        title=target.title,
        promotes=chosen.discloses and (chosen.own_brand or chosen.branded),
        music=content.music,
        to_inbox=chosen.to_inbox,
    )


def counts(content: Content, sets: Mapping[str, LimitSet]) -> tuple[Count, ...]:
    """Return how much room each target's texts have, by the rules that stop a post."""
    return tuple(each for target in content.targets for each in _counts(content, target, sets[target.form]))


def _counts(content: Content, target: Target, rules: LimitSet) -> Iterator[Count]:
    words = Words(caption=content.caption_of(target), title=target.title)
    for subject, measure in OF_WORDS.items():
        if subject.startswith("caption.") and not target.takes_caption:
            continue
        most = rules.number(f"{subject}.max")
        used = next(measure(words)).value
        if most is not None and used is not None and not isinstance(used, str):
            unit = rules.of(subject)[0].unit
            yield Count(form=target.form, subject=subject, used=int(used), most=int(most), unit=unit)


def moments(local: datetime, zone: str) -> tuple[datetime, ...]:
    """Return when a clock in a time zone shows a time, in UTC: never, once, or twice, as clocks are changed."""
    place = zone_of(zone)
    found = []
    for fold in (0, 1):
        moment = local.replace(tzinfo=place, fold=fold).astimezone(UTC)
        if moment.astimezone(place).replace(tzinfo=None) == local.replace(tzinfo=None, fold=0):
            found.append(moment)
    return tuple(sorted(set(found)))
