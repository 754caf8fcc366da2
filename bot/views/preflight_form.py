"""The modals of preflight: which file, for whom; what a fix needs to know; and all findings, page by page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import ids
from bot.ids import Action, AnswerMeta, Callback, PreflightField, PreflightMeta
from bot.views import blocks
from bot.views.blocks import Block, Element, View, plain
from bot.views.form import Answers, field, option
from bot.views.preflight_view import Card, finding_text, worst
from bot.views.text import bold, clip, esc
from bot.views.words import preflight as words
from core.domain.client import Client
from core.domain.preflight import Music
from core.domain.rendition import Cut

TITLE = "Preflight"
TARGETS_MOST = 8
CAPTION_MOST = 2200
URL_MOST = 900
"""Characters of an address: the buttons of its card carry it along."""
NOT_HTTPS = "Begin the address with https://: files are fetched only over that."
_CLIENTS_MOST = 100
_PAGE_BLOCKS, _PAGE_CHARACTERS = 20, 12_000
_TIME = re.compile(r"(?:(?P<minutes>\d{1,3}):)?(?P<seconds>\d{1,5}(?:\.\d{1,3})?)", re.ASCII)
_ENDINGS = ("mp4", "mov", "webm", "mkv", "avi", "m4v", "jpg", "jpeg", "png", "webp", "gif", "heic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What somebody filled in. `file` is Slack's own description of an uploaded file."""

    file: Mapping[str, Any] | None
    url: str
    targets: tuple[str, ...]
    client: str | None
    caption: str


def preflight_modal(
    meta: PreflightMeta, clients: Sequence[Client], targets: Sequence[str], here: str | None
) -> View:
    """Ask for a file or an address. `here` is the id of the channel's own client."""
    return blocks.modal(
        TITLE,
        [
            field(
                PreflightField.FILE,
                "Video or picture",
                {"type": "file_input", "filetypes": list(_ENDINGS), "max_files": 1},
                hint="Only Crosslink gets it.",
                optional=True,
            ),
            field(
                PreflightField.URL,
                "Or its https address",
                {"type": "plain_text_input", "placeholder": plain("https://…/film.mp4")},
                optional=True,
            ),
            field(
                PreflightField.TARGETS,
                "For",
                {
                    "type": "multi_static_select",
                    "placeholder": plain("TikTok and Instagram"),
                    "options": [option(each, words.target_name(each)) for each in targets],
                    "max_selected_items": TARGETS_MOST,
                },
                hint="Nothing chosen: what fits on both platforms.",
                optional=True,
            ),
            *_clients(clients, here),
            field(
                PreflightField.CAPTION,
                "Caption",
                {"type": "plain_text_input", "multiline": True, "max_length": CAPTION_MOST},
                optional=True,
            ),
        ],
        callback=Callback.PREFLIGHT,
        submit="Look at It",
        close="Cancel",
        meta=ids.write(meta, most=ids.PRIVATE_METADATA),
    )


def _clients(clients: Sequence[Client], here: str | None) -> list[Block]:
    options = {each.id: option(each.id, clip(each.name, 75)) for each in clients[:_CLIENTS_MOST]}
    if not options:
        return []
    menu: Element = {
        "type": "static_select",
        "placeholder": plain("Nobody in particular"),
        "options": list(options.values()),
    }
    chosen = {"initial_option": options[here]} if here in options else {}
    hint = "Counts in what this client's accounts allow."
    return [field(PreflightField.CLIENT, "Client", menu | chosen, hint=hint, optional=True)]


def read_preflight(view: Mapping[str, Any]) -> tuple[PreflightMeta, Chosen]:
    """Return what a submitted modal says. Raises ids.Unreadable where it isn't one of ours."""
    meta = ids.read(PreflightMeta, view.get("private_metadata"))
    answers = Answers(view)
    files = answers.files(PreflightField.FILE)
    return meta, Chosen(
        file=files[0] if files else None,
        url=answers.text(PreflightField.URL).strip(),
        targets=answers.options(PreflightField.TARGETS),
        client=answers.option(PreflightField.CLIENT) or None,
        caption=answers.text(PreflightField.CAPTION),
    )


def preflight_errors(chosen: Chosen) -> Mapping[str, str]:
    """Return what is wrong, beside its field."""
    if bool(chosen.file) == bool(chosen.url):
        both = (
            "Give a file or an address, not both."
            if chosen.url
            else "Choose a file, or give an address below."
        )
        return {PreflightField.URL if chosen.url else PreflightField.FILE: both}
    if len(chosen.url) > URL_MOST:
        return {PreflightField.URL: f"Keep the address to {URL_MOST} characters, or upload the file."}
    if chosen.url and not chosen.url.casefold().startswith("https://"):
        return {PreflightField.URL: NOT_HTTPS}
    return {}


def answer_modal(shown: Card, meta: AnswerMeta) -> View:
    """Ask what only a person can say: which part to keep, whose music it is."""
    fields: list[Block] = []
    if meta.longest is not None:
        bounds = f"{meta.shortest} to {meta.longest} of its {meta.whole} seconds can be kept."
        fields += [
            blocks.section(f"{bold(shown.media.name)} is too long. Which part shall stay?"),
            field(PreflightField.START, "From", _moment("0:00"), hint="0:05 or 5"),
            field(PreflightField.END, "To", _moment(meta.longest), hint=bounds),
        ]
    if shown.asks_about_music:
        radios = {
            "type": "radio_buttons",
            "options": [option(each, text) for each, text in words.MUSIC.items()],
        }
        fields.append(field(PreflightField.MUSIC, "Whose music is in it?", radios))
    if not fields:
        fields.append(blocks.section("Nothing has to be asked any more. Press the button to go on."))
    return blocks.modal(
        "Before the Fix" if meta.fixes == "yes" else "Music",
        fields,
        callback=Callback.PREFLIGHT_ASK,
        submit="Fix" if meta.fixes == "yes" else "Save",
        close="Cancel",
        meta=ids.write(meta, most=ids.PRIVATE_METADATA),
    )


def read_answer(view: Mapping[str, Any]) -> tuple[AnswerMeta, Cut | None, Music | None]:
    """Return what a submitted modal says; an unreadable part is a Cut of no length. Raises ids.Unreadable."""
    meta = ids.read(AnswerMeta, view.get("private_metadata"))
    answers = Answers(view)
    start, end = (seconds(answers.text(each)) for each in (PreflightField.START, PreflightField.END))
    cut = Cut(start or 0.0, end or 0.0) if meta.longest is not None else None
    chosen = answers.option(PreflightField.MUSIC)
    return meta, cut, Music(chosen) if chosen in set(Music) else None


def answer_errors(view: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what is wrong, beside its field."""
    meta = ids.read(AnswerMeta, view.get("private_metadata"))
    if meta.longest is None:
        return {}
    answers = Answers(view)
    wrong: dict[str, str] = {
        each: "Write it as 0:05, or in seconds as 5."
        for each in (PreflightField.START, PreflightField.END)
        if seconds(answers.text(each)) is None
    }
    if wrong:
        return wrong
    _, cut, _ = read_answer(view)
    assert cut is not None
    shortest, longest, whole = float(meta.shortest), float(meta.longest), float(meta.whole or "inf")
    if not shortest <= cut.length <= longest or cut.end > whole + 0.05:
        return {
            PreflightField.END: f"Choose {shortest:g} to {longest:g} seconds inside the film's {whole:g}."
        }
    return {}


def findings_modal(shown: Card, page: int) -> View:
    """Every finding of every target, on pages that Slack can show."""
    rows = [[blocks.section(finding_text(*each))] for each in worst(shown.targets)]
    dealt = blocks.paged(rows, page, most_blocks=_PAGE_BLOCKS, most_characters=_PAGE_CHARACTERS)
    head = blocks.section(
        f"{bold(shown.media.name)}: {len(rows)} {'finding' if len(rows) == 1 else 'findings'}"
    )
    none = [blocks.section(esc("Nothing stands against this file."))]
    return blocks.modal(
        "All Findings",
        [head, *[block for row in dealt["rows"] for block in row], *_turns(shown, dealt)] if rows else none,
    )


def _turns(shown: Card, dealt: blocks.Page) -> list[Block]:
    page, pages = dealt["page"], dealt["pages"]
    if pages == 1:
        return []

    def turn(label: str, action: Action, to: int) -> Element | None:
        return blocks.button(label, action, replace(shown.order, page=to)) if 0 <= to < pages else None

    back = turn("Previous Page", Action.PREFLIGHT_BACK, page - 1)
    on = turn("Next Page", Action.PREFLIGHT_PAGE, page + 1)
    return [blocks.context(f"Page {page + 1} of {pages}"), *blocks.actions(back, on)]


def waiting_modal() -> View:
    """What stands in the modal while we look."""
    return blocks.modal(TITLE, [blocks.section("One moment…")])


def seconds(text: str) -> float | None:
    """Return a time as people type it, "0:05" or "5", in seconds; None where it is none."""
    found = _TIME.fullmatch(text.strip().replace(",", "."))
    return 60 * int(found["minutes"] or 0) + float(found["seconds"]) if found else None


def _moment(example: str) -> Element:
    return {"type": "plain_text_input", "max_length": 12, "placeholder": plain(example)}
