"""What is wrong in the forms of composing, beside the field where it can be set right."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.ids import PostField
from bot.views.form import Answers
from bot.views.post_form import FILES_MOST
from bot.views.post_reading import AT, CONSENTS, chosen_files, read_moments
from bot.views.preflight_form import NOT_HTTPS, URL_MOST
from bot.views.words.post import FLAW, flaw
from core.domain.composing import Around, Flaw, flaws
from core.domain.post import Content

_FIELD: Mapping[str, tuple[PostField, ...]] = {
    "privacy_missing": (PostField.PRIVACY,),
    "branded_private": (PostField.BRANDS, PostField.PRIVACY),
    "disclosure_empty": (PostField.BRANDS, PostField.DISCLOSURE),
    "consent_missing": CONSENTS,
}


def media_errors(view: Mapping[str, Any], content: Content) -> Mapping[str, str]:
    """Return what is wrong in the first step."""
    picked, url = chosen_files(view)
    if content.items:
        return {}
    if picked and url:
        return {PostField.URL: "Give files or an address, not both."}
    if not picked and not url:
        return {PostField.FILES: FLAW["media_missing"]}
    if len(picked) > FILES_MOST:
        return {PostField.FILES: f"Choose at most {FILES_MOST} files."}
    if len(url) > URL_MOST:
        return {PostField.URL: f"Keep the address to {URL_MOST} characters, or upload the file."}
    if url and not url.casefold().startswith("https://"):
        return {PostField.URL: NOT_HTTPS}
    return {}


def places_errors(view: Mapping[str, Any], content: Content, zone: str, at: datetime) -> Mapping[str, str]:
    """Return what is wrong in the second step."""
    wrong: dict[str, str] = {}
    if not content.targets:
        wrong[PostField.INSTAGRAM] = FLAW["targets_missing"]
    if Answers(view).option(PostField.WHEN) != AT or PostField.TIME not in Answers(view):
        return wrong
    found = read_moments(view, zone)
    if found is None:
        wrong[PostField.TIME] = "Choose a day and a time."
    elif not found:
        wrong[PostField.TIME] = FLAW["time_skipped"]
    elif late := next((each for each in flaws(content, Around(), at) if each.field == "time"), None):
        wrong[PostField.TIME] = flaw(late)
    return wrong


def confirm_errors(view: Mapping[str, Any], content: Content, at: datetime) -> Mapping[str, str]:
    """Return what is wrong in the last step, as far as it has a field there."""
    answers = Answers(view)
    wrong: dict[str, str] = {}
    for each in flaws(content, Around(), at):
        fields = [field for field in _FIELD.get(each.code, ()) if field in answers]
        if fields:
            wrong.setdefault(fields[0], flaw(Flaw(code=each.code, platform=each.platform)))
    return wrong
