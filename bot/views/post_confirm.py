"""The last step of composing: what TikTok wants asked, whose music it is, a look at all of it, and the consent."""

from bot.ids import Callback, PostField
from bot.views import blocks, form
from bot.views.blocks import Block, Element, View, plain
from bot.views.post_form import Sheet, acting, back_row, findings_blocks, flaws_text, step_modal
from bot.views.post_parts import captions, files, leaves, options, play_rows
from bot.views.post_reading import (
    AI,
    BRANDED,
    COMMENT,
    DISCLOSES,
    DUET,
    OWN_BRAND,
    STITCH,
    YES,
    consent_field,
)
from bot.views.text import bold, esc, handle, listed, name
from bot.views.words import composing as words
from bot.views.words import consent
from bot.views.words.post import FORM, flaw, privacy
from bot.views.words.preflight import MUSIC
from core.domain.account import Platform
from core.domain.composing import SELF_ONLY, Flaw
from core.domain.creator import Creator
from core.domain.media import Kind
from core.domain.post import Content, Form, Target, TikTokOptions
from core.domain.preflight import Music


def confirm_modal(sheet: Sheet) -> View:
    """The last look, and the press that asks for approval."""
    content = sheet.content
    tiktok = content.target(Platform.TIKTOK)
    return step_modal(
        sheet,
        [
            *_problems(sheet),
            *_preview(sheet),
            *(_tiktok(sheet, tiktok) if tiktok else []),
            *_music(content),
            *(_consent(tiktok) if tiktok and not tiktok.tiktok.to_inbox else []),
            *back_row(sheet),
        ],
        Callback.POST_CONFIRM,
        "Ask Again" if sheet.meta.edits else "Ask for Approval",
    )


def _problems(sheet: Sheet) -> list[Block]:
    """What stops the request, once somebody tried."""
    checked = sheet.checked
    if checked is None or not sheet.note:
        return []
    told = flaws_text(checked)
    return [*([blocks.section(told)] if told else []), *findings_blocks(sheet)]


def _preview(sheet: Sheet) -> list[Block]:
    content = sheet.content
    others = [each for each in content.targets if each.platform is not Platform.TIKTOK]
    return [
        blocks.header("Preview"),
        *captions(content),
        *[blocks.context(f"*{FORM[each.form]}*", esc(options(each))) for each in others],
        blocks.section(
            f"{esc(files(content.items))}\n{leaves(content, sheet.client.time_zone)}", _picture(sheet)
        ),
        *play_rows(content.items, sheet.plays),
    ]


def _picture(sheet: Sheet) -> Element | None:
    alt = f"First frame of a post for {name(sheet.client.name)}"
    return {"type": "image", "image_url": sheet.poster, "alt_text": alt} if sheet.poster else None


def _tiktok(sheet: Sheet, target: Target) -> list[Block]:
    """What a posting screen of TikTok's has to show and ask, in its order (content-sharing guidelines)."""
    composer = sheet.composer
    creator = composer.creator if composer else None
    if target.tiktok.to_inbox:
        told = "*TikTok*: it goes to the account's inbox. Its owner chooses who sees it, and posts it there."
        return [blocks.divider(), blocks.section(told)]
    if creator is not None and creator.has_no_room(sheet.content.publish_at):
        return [blocks.divider(), blocks.section(f"⚠️ {flaw(Flaw(code='creator_capped'))}")]
    if creator is None or composer is None or not composer.is_fresh:
        told = "*TikTok* doesn't say right now what this account may post. Try again in a few minutes."
        return [blocks.divider(), blocks.section(f"⚠️ {told}")]
    whose = f"{bold(creator.name)} ({esc(handle(creator.handle))})"
    return [
        blocks.divider(),
        blocks.section(f"*TikTok* posts as {whose}"),
        *_privacy(creator, target.tiktok),
        *_interactions(creator, target),
        *_disclosure(target),
    ]


def _privacy(creator: Creator, chosen: TikTokOptions) -> list[Block]:
    """Exactly the audiences that TikTok offers, with none chosen until a person does."""
    offered = [each for each in creator.options if not (chosen.branded and each == SELF_ONLY)]
    menu: Element = {
        "type": "static_select",
        "placeholder": plain("Choose"),
        "options": [form.option(each, privacy(each)) for each in offered],
    }
    if chosen.privacy in offered:
        menu["initial_option"] = form.option(chosen.privacy, privacy(chosen.privacy))
    if not offered:
        return [blocks.section(f"⚠️ {words.NO_PRIVATE}")]
    hint = words.NO_PRIVATE if len(offered) < len(creator.options) else ""
    return [
        acting(form.field(PostField.PRIVACY, "Who can view this", menu)),
        *([blocks.context(hint)] if hint else []),
    ]


def _interactions(creator: Creator, target: Target) -> list[Block]:
    """Only what the account allows, off at first; photos know comments alone."""
    chosen, is_photo = target.tiktok, target.form is Form.TIKTOK_PHOTO
    known = [
        (COMMENT, creator.may_comment, chosen.allow_comment),
        *([] if is_photo else [(DUET, creator.may_duet, chosen.allow_duet)]),
        *([] if is_photo else [(STITCH, creator.may_stitch, chosen.allow_stitch)]),
    ]
    offered = [form.option(each, words.INTERACTION[each]) for each, is_possible, _ in known if is_possible]
    ticked = [
        form.option(each, words.INTERACTION[each]) for each, may, is_wanted in known if may and is_wanted
    ]
    missing = [words.INTERACTION[each] for each, is_possible, _ in known if not is_possible]
    shown: list[Block] = []
    if offered:
        boxes: Element = {"type": "checkboxes", "options": offered}
        if ticked:
            boxes["initial_options"] = ticked
        shown.append(acting(form.field(PostField.INTERACTIONS, "Allow users to", boxes, optional=True)))
    if missing:
        told = words.LEFT_OUT if len(missing) == 1 else words.FEW_LEFT_OUT
        shown.append(blocks.context(told.format(what=listed(missing))))
    return shown


def _disclosure(target: Target) -> list[Block]:
    """The switch, and behind it the two boxes with what each of them means and the label it brings."""
    chosen = target.tiktok
    brands = _brands(target) if chosen.discloses else []
    return [
        _switch(PostField.DISCLOSURE, "Content disclosure", (DISCLOSES, consent.DISCLOSE), chosen.discloses),
        blocks.context(consent.DISCLOSE_HINT),
        *brands,
        _switch(PostField.AI, "AI", (AI, words.AI_TIKTOK), chosen.ai_generated),
    ]


def _switch(field_: PostField, label: str, choice: tuple[str, str], is_on: bool) -> Block:  # noqa: FBT001 - its state
    """A box that is ticked or not."""
    box: Element = {"type": "checkboxes", "options": [form.option(*choice)]}
    return acting(
        form.field(field_, label, box | ({"initial_options": box["options"]} if is_on else {}), optional=True)
    )


def _brands(target: Target) -> list[Block]:
    chosen = target.tiktok
    is_private = chosen.privacy == SELF_ONLY
    offered = [form.option(OWN_BRAND, consent.OWN_BRAND)]
    if not is_private:
        offered.append(form.option(BRANDED, consent.BRANDED))
    flags = {OWN_BRAND: chosen.own_brand, BRANDED: chosen.branded}
    ticked = [each for each in offered if flags[each["value"]]]
    boxes: Element = {"type": "checkboxes", "options": offered}
    if ticked:
        boxes["initial_options"] = ticked
    kind = "photo" if target.form is Form.TIKTOK_PHOTO else "video"
    told = [
        f"{consent.OWN_BRAND}: {consent.OWN_BRAND_HINT}",
        words.NO_BRANDED if is_private else f"{consent.BRANDED}: {consent.BRANDED_HINT}",
        consent.label(own_brand=chosen.own_brand, branded=chosen.branded, thing=kind),
    ]
    return [
        acting(form.field(PostField.BRANDS, "It promotes", boxes, optional=True)),
        *[blocks.context(each) for each in told if each],
    ]


def _music(content: Content) -> list[Block]:
    """Whose music it is can't be heard from a file, so it is asked once, of films."""
    if not any(each.kind is Kind.VIDEO for each in content.items):
        return []
    radios: Element = {
        "type": "radio_buttons",
        "options": [form.option(each, text) for each, text in MUSIC.items()],
    }
    if content.music is not Music.UNASKED:
        radios["initial_option"] = form.option(content.music, MUSIC[content.music])
    return [
        blocks.divider(),
        acting(form.field(PostField.MUSIC, "Whose music is in it?", radios)),
    ]


def _consent(target: Target) -> list[Block]:
    """TikTok's own line, and a box beside it: nothing is sent before a person said yes."""
    pages = consent.consent_pages(branded=target.tiktok.branded)
    told = listed(f"<{each.url}|{each.name}>" for each in pages)
    box: Element = {"type": "checkboxes", "options": [form.option(YES, "I agree")]}
    if target.tiktok.consents:
        box["initial_options"] = box["options"]
    return [
        blocks.divider(),
        blocks.section(f"{consent.CONSENT}{told}."),
        acting(form.field(consent_field(target.tiktok), "TikTok", box)),
        blocks.context(words.MINUTES),
    ]
