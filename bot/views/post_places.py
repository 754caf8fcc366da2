"""The second step of composing: what preflight says, where a post goes, with which words, and when."""

from zoneinfo import ZoneInfo

from bot.ids import Callback, PostField
from bot.views import blocks, form
from bot.views.blocks import Block, Element, View
from bot.views.post_form import (
    Sheet,
    account_flaws,
    acting,
    back_row,
    caption_field,
    count_blocks,
    findings_blocks,
    step_modal,
)
from bot.views.post_parts import files
from bot.views.post_reading import AT, NOW, OFF, YES, place_of, wants_time, wants_variants
from bot.views.text import bold, clip, esc, handle, name
from bot.views.words import composing as words
from bot.views.words.names import PLATFORM
from bot.views.words.post import flaw
from core.domain.account import Platform
from core.domain.composing import forms_for
from core.domain.post import Form


def places_modal(sheet: Sheet) -> View:
    """The second step: what preflight says, where it goes, with which words, and when."""
    content = sheet.content
    own = _variants(sheet) if wants_variants(sheet.view, content) else []
    when = _moment(sheet) if wants_time(sheet.view, content) else []
    return step_modal(
        sheet,
        [
            blocks.section(f"For {bold(sheet.client.name)} · {esc(files(content.items))}"),
            *findings_blocks(sheet),
            *[block for each in Platform for block in _place(sheet, each)],
            *_photo_title(sheet),
            *([_variants_box(sheet)] if any(each.takes_caption for each in content.targets) else []),
            *own,
            _when(sheet),
            *when,
            *back_row(sheet),
        ],
        Callback.POST_PLACES,
        "Next",
    )


def _place(sheet: Sheet, platform: Platform) -> list[Block]:
    """The choice of a platform's form, and what is wrong with its account, where a post is to go out as it."""
    fit = {*map(str, forms_for(sheet.content.items)), OFF}
    choices = [each for each in words.PLACE[platform] if each[0].partition(":")[0] in fit]
    known = {value for value, _ in choices}
    chosen = place_of(sheet.content.target(platform), platform)
    menu = form.select(choices, chosen if chosen in known else OFF)
    field_ = PostField.TIKTOK if platform is Platform.TIKTOK else PostField.INSTAGRAM
    field = acting(form.field(field_, _as_whom(sheet, platform), menu))
    return [field, *[blocks.context(f"⚠️ {esc(flaw(each))}") for each in account_flaws(sheet, platform)]]


def _as_whom(sheet: Sheet, platform: Platform) -> str:
    sender = sheet.composer.senders.get(platform) if sheet.composer else None
    whose = f" as {handle(sender.handle) or name(sender.name)}" if sender else " (not linked)"
    return f"{PLATFORM[platform]}{whose}"


def _photo_title(sheet: Sheet) -> list[Block]:
    target = sheet.content.target(Platform.TIKTOK)
    if target is None or target.form is not Form.TIKTOK_PHOTO:
        return []
    element: Element = {
        "type": "plain_text_input",
        "max_length": 90,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if target.title:
        element["initial_value"] = clip(target.title, 90)
    return [acting(form.field(PostField.TIKTOK_TITLE, "Title on TikTok", element, optional=True))]


def _variants_box(sheet: Sheet) -> Block:
    box = {"type": "checkboxes", "options": [form.option(YES, "A caption of its own for each platform")]}
    if wants_variants(sheet.view, sheet.content):
        box["initial_options"] = box["options"]
    return acting(form.field(PostField.VARIANTS, "Captions", box, optional=True))


def _variants(sheet: Sheet) -> list[Block]:
    content, shown = sheet.content, []
    for target in content.targets:
        if not target.takes_caption:
            continue
        field_ = (
            PostField.TIKTOK_CAPTION if target.platform is Platform.TIKTOK else PostField.INSTAGRAM_CAPTION
        )
        own = [each for each in sheet.counts if each.form is target.form]
        label = f"Caption on {PLATFORM[target.platform]}"
        shown += [caption_field(field_, label, content.caption_of(target)), *count_blocks(field_, own)]
    return shown


def _when(sheet: Sheet) -> Block:
    radios: Element = {
        "type": "radio_buttons",
        "options": [form.option(NOW, "As soon as it is approved"), form.option(AT, "At a time")],
    }
    chosen = 1 if wants_time(sheet.view, sheet.content) else 0
    return acting(form.field(PostField.WHEN, "When", radios | {"initial_option": radios["options"][chosen]}))


def _moment(sheet: Sheet) -> list[Block]:
    """Day and time by the client's clock, whose zone is named."""
    zone = sheet.client.time_zone
    at = sheet.content.publish_at
    there = at.astimezone(ZoneInfo(zone)) if at else None
    day: Element = {"type": "datepicker"} | ({"initial_date": f"{there:%Y-%m-%d}"} if there else {})
    clock: Element = {"type": "timepicker"} | ({"initial_time": f"{there:%H:%M}"} if there else {})
    hint = f"The client's time: {zone}."
    return [
        acting(form.field(PostField.DAY, "Day", day)),
        acting(form.field(PostField.TIME, "Time", clock, hint=hint)),
    ]
