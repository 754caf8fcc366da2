"""What people filled into the forms of composing, as a post's content. Only the fields that were shown count."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.ids import PostField
from bot.views.form import Answers
from core.domain.account import Platform
from core.domain.composing import default_targets, moments
from core.domain.post import Content, Form, Target, TikTokOptions
from core.domain.preflight import Music

AT, NOW = "at", "now"
OFF = "off"
INBOX, OWN_TAB = "inbox", "reels_tab"
YES = "yes"
DISCLOSES, AI = "discloses", "ai"
OWN_BRAND, BRANDED = "own_brand", "branded"
CONSENTS = (PostField.CONSENT, PostField.BRANDED_CONSENT)
COMMENT, DUET, STITCH = "comment", "duet", "stitch"

View = Mapping[str, Any]


def read_media(view: View, content: Content) -> Content:
    """Return content with the caption of the first step."""
    answers = Answers(view)
    if PostField.CAPTION not in answers:
        return content
    return replace(content, caption=answers.text(PostField.CAPTION))


def chosen_files(view: View) -> tuple[list[Mapping[str, Any]], str]:
    """Return the files of the first step, as Slack describes them, and the address."""
    state = (view.get("state") or {}).get("values") or {}
    picked = ((state.get(PostField.FILES) or {}).get(PostField.FILES) or {}).get("files") or []
    return list(picked), Answers(view).text(PostField.URL).strip()


def typed_address(view: View) -> str | None:
    """Return the address in the first step; None where none is asked for."""
    answers = Answers(view)
    return answers.text(PostField.URL).strip() if PostField.URL in answers else None


def read_places(view: View, content: Content, zone: str) -> Content:
    """Return content with the places, own captions and time of the second step. A time that isn't one is left out."""
    answers = Answers(view)
    targets = [_target(answers, content, each) for each in Platform]
    changed = replace(content, targets=tuple(each for each in targets if each is not None))
    if PostField.WHEN not in answers:
        return changed
    if answers.option(PostField.WHEN) != AT:
        return replace(changed, publish_at=None)
    found = read_moments(view, zone)
    return replace(changed, publish_at=found[0] if found else content.publish_at)


def read_moments(view: View, zone: str) -> tuple[datetime, ...] | None:
    """Return the moments that a day and a time of the client's zone mean; None where one of them is missing."""
    answers = Answers(view)
    day, clock = answers.text(PostField.DAY, "selected_date"), answers.text(PostField.TIME, "selected_time")
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
    except ValueError:
        return None
    return moments(local, zone)


def wants_time(view: View, content: Content) -> bool:
    """True where a time is to be chosen."""
    answers = Answers(view)
    if PostField.WHEN in answers:
        return answers.option(PostField.WHEN) == AT
    return content.publish_at is not None


def wants_variants(view: View, content: Content) -> bool:
    """True where each place has a caption of its own."""
    answers = Answers(view)
    if PostField.VARIANTS in answers:
        return YES in answers.options(PostField.VARIANTS)
    return any(each.caption is not None for each in content.targets)


def _target(answers: Answers, content: Content, platform: Platform) -> Target | None:
    kind = PostField.TIKTOK if platform is Platform.TIKTOK else PostField.INSTAGRAM
    current = content.target(platform)
    if kind not in answers:
        return current
    form, _, how = answers.option(kind).partition(":")
    if form not in set(Form):
        return None
    target = replace(current or Target(form=Form(form)), form=Form(form))
    if platform is Platform.TIKTOK:
        target = replace(target, tiktok=replace(target.tiktok, to_inbox=how == INBOX))
    else:
        target = replace(target, instagram=replace(target.instagram, share_to_feed=how != OWN_TAB))
    if PostField.TIKTOK_TITLE in answers and target.form is Form.TIKTOK_PHOTO:
        target = replace(target, title=answers.text(PostField.TIKTOK_TITLE))
    return replace(target, caption=_caption(answers, content, target))


def _caption(answers: Answers, content: Content, target: Target) -> str | None:
    """The target's own words; the common ones until somebody asked for others."""
    if PostField.VARIANTS not in answers:
        return target.caption
    if YES not in answers.options(PostField.VARIANTS):
        return None
    own = PostField.TIKTOK_CAPTION if target.platform is Platform.TIKTOK else PostField.INSTAGRAM_CAPTION
    return answers.text(own) if own in answers else content.words_for(target)


def read_confirm(view: View, content: Content) -> Content:
    """Return content with what TikTok asks and whose music it is."""
    answers = Answers(view)
    targets = tuple(_asked(answers, each) for each in content.targets)
    chosen = answers.option(PostField.MUSIC)
    music = Music(chosen) if chosen in set(Music) else content.music
    return replace(content, targets=targets, music=music)


def _asked(answers: Answers, target: Target) -> Target:
    if target.platform is not Platform.TIKTOK:
        return target
    chosen = target.tiktok
    if PostField.PRIVACY in answers:
        chosen = replace(chosen, privacy=answers.option(PostField.PRIVACY) or None)
    if any(each in answers for each in (PostField.INTERACTIONS, *CONSENTS)):
        allowed = answers.options(PostField.INTERACTIONS)
        chosen = replace(
            chosen,
            allow_comment=COMMENT in allowed,
            allow_duet=DUET in allowed,
            allow_stitch=STITCH in allowed,
        )
    return replace(target, tiktok=_disclosed(answers, chosen))


def _disclosed(answers: Answers, chosen: TikTokOptions) -> TikTokOptions:
    if PostField.DISCLOSURE in answers:
        chosen = replace(chosen, discloses=DISCLOSES in answers.options(PostField.DISCLOSURE))
    if PostField.AI in answers:
        chosen = replace(chosen, ai_generated=AI in answers.options(PostField.AI))
    if PostField.BRANDS in answers:
        brands = answers.options(PostField.BRANDS)
        chosen = replace(chosen, own_brand=OWN_BRAND in brands, branded=BRANDED in brands)
    if not chosen.discloses:
        chosen = replace(chosen, own_brand=False, branded=False)
    if any(each in answers for each in CONSENTS):
        chosen = replace(chosen, consents=YES in answers.options(consent_field(chosen)))
    return chosen


def consent_field(chosen: TikTokOptions) -> PostField:
    """Return the box beside TikTok's line: another one where the line is another, so that a yes is to what is read."""
    return PostField.BRANDED_CONSENT if chosen.discloses and chosen.branded else PostField.CONSENT


def countable(content: Content) -> Content:
    """Return content whose caption can be counted before anybody chose places: as the usual ones would."""
    if content.targets:
        return content
    usual = default_targets(content.items) or (Target(form=Form.TIKTOK_VIDEO), Target(form=Form.REEL))
    return replace(content, targets=usual)


def place_of(target: Target | None, platform: Platform) -> str:
    """Return the choice that stands for a target in the second step."""
    if target is None:
        return OFF
    if platform is Platform.TIKTOK:
        return f"{target.form}:{INBOX}" if target.tiktok.to_inbox else target.form
    alone = target.form is Form.REEL and not target.instagram.share_to_feed
    return f"{target.form}:{OWN_TAB}" if alone else target.form
