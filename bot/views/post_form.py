"""Composing, step by step: first the files and words, then where and when. What is typed is kept as it is typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import ids
from bot.ids import Action, Callback, ComposeMeta, PickedMeta, PostField, PostValue, PreflightValue
from bot.views import blocks, form
from bot.views.blocks import Block, Element, View, plain
from bot.views.post_parts import distinct, files, finding_line
from bot.views.post_shapes import CheckedShape, ComposerShape
from bot.views.text import bold, clip, esc, name
from bot.views.words import composing as words
from bot.views.words import dates
from bot.views.words.post import FORM, PLACE_FLAWS, flaw
from bot.views.words.preflight import changes
from core.domain.account import Platform
from core.domain.client import Client
from core.domain.composing import Count, Flaw
from core.domain.limits import Severity
from core.domain.post import Content, Form, Post

TITLE = "New Post"
EDIT_TITLE = "Edit Post"
FILES_MOST = 10
CAPTION_MOST = 3000
"""What Slack's field holds; the platforms' limits are told beside it."""
_CLIENTS_MOST = 100
_FINDINGS = 3
_ENDINGS = ("mp4", "mov", "webm", "mkv", "avi", "m4v", "jpg", "jpeg", "png", "webp", "gif", "heic")
_COUNT = "post.count."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form of composing as it is shown. `post` is the draft, `note` what just went wrong (Slack text).

    `poster` is the address of the picture that stands for it, `page` that of the same composer as a page, this person's
    own.

    `view` is what is shown now, whose unfinished choices stay.
    """

    post: Post
    meta: ComposeMeta
    client: Client
    clients: Sequence[Client] = ()
    counts: Sequence[Count] = ()
    checked: CheckedShape | None = None
    composer: ComposerShape | None = None
    plays: Sequence[tuple[str, str]] = ()
    poster: str = ""
    page: str = ""
    note: str = ""
    is_resumed: bool = False
    view: Mapping[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> Content:
        """What is filled in so far."""
        return self.post.content

    @property
    def title(self) -> str:
        """What the modal is called."""
        return EDIT_TITLE if self.meta.edits else TITLE


def step_modal(sheet: Sheet, shown: Sequence[Block], callback: Callback, submit: str) -> View:
    """One step; closing it is told to us, so that the person hears where the draft is."""
    return blocks.modal(
        sheet.title,
        [*_note(sheet), *shown],
        callback=callback,
        submit=submit,
        close="Close",
        meta=ids.write(sheet.meta, most=ids.PRIVATE_METADATA),
    ) | {"notify_on_close": True}


def _note(sheet: Sheet) -> list[Block]:
    return [blocks.section(f"⚠️ {sheet.note}")] if sheet.note else []


def media_modal(sheet: Sheet) -> View:
    """The first step: whose post, which files, which words."""
    return step_modal(
        sheet,
        [
            *_whose(sheet),
            *_resumed(sheet),
            *_files(sheet),
            *findings_blocks(sheet),
            *_caption(sheet),
            *blocks.actions(_page(sheet)),
        ],
        Callback.POST_MEDIA,
        "Next",
    )


def _whose(sheet: Sheet) -> list[Block]:
    text = f"For {bold(sheet.client.name)}"
    others = [each for each in sheet.clients if each.id != sheet.client.id]
    if sheet.meta.edits or not others:
        return [blocks.section(text)]
    menu = client_menu([sheet.client, *others])
    return [blocks.section(text, menu | {"initial_option": menu["options"][0]})]


def client_menu(clients: Sequence[Client]) -> Element:
    """The menu of clients; a choice acts at once."""
    options: list[tuple[str, ids.Value]] = [
        (clip(name(each.name), 75), ids.ClientValue(client=each.id)) for each in clients[:_CLIENTS_MOST]
    ]
    return blocks.menu(Action.POST_CLIENT, "Choose a client", options)


def _resumed(sheet: Sheet) -> list[Block]:
    if not sheet.is_resumed or sheet.meta.edits:
        return []
    anew = blocks.button("Start a New One", Action.POST_NEW, sheet.meta)
    return [
        blocks.context(f"This is your draft of {dates.moment(sheet.post.created_at)}"),
        *blocks.actions(anew),
    ]


def _files(sheet: Sheet) -> list[Block]:
    if items := sheet.content.items:
        other = blocks.button("Choose Others", Action.POST_FILES, sheet.meta)
        return [blocks.section(f"*Media*\n{esc(files(items))}", other)]
    picker = {"type": "file_input", "filetypes": list(_ENDINGS), "max_files": FILES_MOST}
    address: Element = {
        "type": "plain_text_input",
        "placeholder": plain("https://…/film.mp4"),
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if sheet.post.address:
        address["initial_value"] = clip(sheet.post.address, CAPTION_MOST)
    return [
        form.field(
            PostField.FILES,
            "Video or pictures",
            picker,
            hint="One video or picture, or up to ten of them for a carousel.",
            optional=True,
        ),
        acting(form.field(PostField.URL, "Or its https address", address, optional=True)),
    ]


def _caption(sheet: Sheet) -> list[Block]:
    return [
        caption_field(PostField.CAPTION, "Caption", sheet.content.caption),
        *count_blocks(PostField.CAPTION, sheet.counts),
    ]


def back_row(sheet: Sheet) -> list[Block]:
    """The way to the step before, and to the page."""
    return blocks.actions(blocks.button("Back", Action.POST_BACK, sheet.meta), _page(sheet))


def _page(sheet: Sheet) -> Element | None:
    """The way to the page, which knows more than Slack's forms."""
    return blocks.url_button("Open the Full Composer", Action.POST_PAGE, sheet.page) if sheet.page else None


def caption_field(field_: PostField, label: str, text: str, *, most: int = CAPTION_MOST) -> Block:
    """A field for words that are counted as they are typed."""
    element: Element = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": most,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if text:
        element["initial_value"] = clip(text, most)
    return acting(form.field(field_, label, element, optional=True))


def acting(block: Block) -> Block:
    """A field whose every change reaches us, so that it is kept."""
    return block | {"dispatch_action": True}


def count_blocks(field_: PostField, counts: Sequence[Count]) -> list[Block]:
    """How much of each platform's limits a text uses. Found again by its block id."""
    told = [f"{FORM[each.form]}: {words.count(each)}" for each in counts if _matters(each)]
    over = any(each.left < 0 for each in counts)
    if not told:
        return []
    return [blocks.context("⛔" if over else "", *map(esc, told[:8])) | {"block_id": f"{_COUNT}{field_}"}]


def _matters(count: Count) -> bool:
    """The characters of what everybody writes always; all else once it is nearly used up."""
    always = {"caption.units"} if count.form.platform is Platform.TIKTOK else {"caption.characters"}
    return count.subject in always or count.left * 5 < count.most


def recounted(view: Mapping[str, Any], field_: PostField, counts: Sequence[Count]) -> View:
    """Return the view as it is, with fresh counts beside a field."""
    held: list[Block] = []
    for block in view["blocks"]:
        if block.get("block_id") != f"{_COUNT}{field_}":
            held.append(block)
        if block.get("block_id") == field_:
            held += count_blocks(field_, counts)
    kept = ("type", "callback_id", "title", "close", "submit", "private_metadata", "notify_on_close")
    return {each: view[each] for each in kept if view.get(each)} | {"blocks": held}


def findings_blocks(sheet: Sheet) -> list[Block]:
    """What preflight says, and the press that mends it."""
    checked = sheet.checked
    if checked is None or checked.report is None:
        return []
    found = [
        (finding, FORM[Form(target)])
        for target, judged in checked.report.targets.items()
        for finding in judged.findings
        if finding.severity is not Severity.QUESTION
    ]
    told = distinct(found)
    if not told:
        return [blocks.context("✅ Nothing stands against these files")]
    more = len(told) - _FINDINGS
    lines = [finding_line(*each) for each in told[:_FINDINGS]] + ([f"{more} more"] if more > 0 else [])
    return [blocks.section("\n".join(lines)), *_fix(checked)]


def _fix(checked: CheckedShape) -> list[Block]:
    plan = checked.plan
    if plan is None or not plan.recipes:
        return []
    value = PostValue(post=checked.post.id, digest=checked.post.digest)
    return [
        blocks.context(esc(changes(plan.recipes, plan.longest))),
        *blocks.actions(blocks.button("Fix", Action.POST_FIX, value, style="primary")),
    ]


def account_flaws(sheet: Sheet, platform: Platform) -> list[Flaw]:
    """What keeps a chosen platform's account from taking the post."""
    found = sheet.checked.flaws if sheet.checked else ()
    return [each for each in found if each.platform is platform and each.code in PLACE_FLAWS]


def choose_modal(clients: Sequence[Client], picked: PickedMeta | PreflightValue | None = None) -> View:
    """Ask whose post it is, where the channel doesn't tell. `picked`: the files that it begins with."""
    if not clients:
        return blocks.modal(TITLE, [blocks.section("Set a client up first, with `/crosslink setup`.")])
    text = "Whose post is it?"
    meta = ids.write(picked, most=ids.PRIVATE_METADATA) if picked else ""
    return blocks.modal(TITLE, [blocks.section(text, client_menu(clients))], meta=meta)


def telling_modal(text: str, title: str = TITLE) -> View:
    """One sentence, while we work or because it is over. Slack text."""
    return blocks.modal(title, [blocks.section(text)])


def flaws_text(checked: CheckedShape) -> str:
    """All that stops a request, as a list. Slack text; "" for nothing."""
    told = dict.fromkeys(esc(flaw(each)) for each in checked.flaws)
    return "\n".join(f"• {each}" for each in told)
