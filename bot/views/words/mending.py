"""What is said about making a file fit: why it can't be done, and what was done. Plain text."""

from collections.abc import Mapping

from bot.views.words.finding import TITLE
from core.domain.rendition import Picture, Recipe

SENTENCES: Mapping[str, str] = {
    "fix_not_needed": "There is nothing here that a new version of the file would mend.",
    "fix_impossible": "We can't mend this one: {rule}. It needs another file.",
    "fix_failed": (
        "The new version still has {rule} at {measured}, where {allowed} is allowed, so we threw it away. "
        "Nothing was changed."
    ),
    "fix_cut_needed": (
        "The film is longer than the {longest} seconds that fit. We never cut by ourselves: say which part to keep."
    ),
    "fix_cut_wrong": (
        "That part can't be kept. Choose a start and an end inside the film's {whole} seconds, "
        "{shortest} to {longest} seconds apart."
    ),
    "fix_unreadable": "The file couldn't be read to its end, so there is no new version. Export it again.",
    "fix_too_large": "The new version would be larger than what is allowed. Export the file smaller.",
    "fix_too_heavy": "The file needs more memory or time than we give one file. Export it smaller.",
    "fix_stuck": "Making the new version stopped moving, so we ended it. Try again, or export the file anew.",
    "fix_one_file": "One file at a time can be mended.",
    "fix_over_itself": "“{typed}” is the file itself. Name another one for the new version.",
    "keep_unreadable": "“{typed}” isn't a part of a film. Write it as 0:05-1:35, or in seconds as 5-95.",
    "keep_without_fix": "A part to keep only makes sense with --fix.",
    "fix_not_written": "“{typed}” can't be written.",
}


def mending_trouble(code: str, facts: Mapping[str, str]) -> str | None:
    """Return the sentence for what could not be mended; None for a code of something else."""
    template = SENTENCES.get(code)
    if template is None:
        return None
    rule = facts.get("rule", "")
    return template.format(
        rule=TITLE.get(rule.rpartition(".")[0], TITLE.get(rule, "what was found")).lower(),
        measured=facts.get("measured", "what it has"),
        allowed=facts.get("allowed", "less"),
        longest=facts.get("longest") or "allowed",
        shortest=facts.get("shortest", "0"),
        whole=facts.get("whole", ""),
        typed=facts.get("typed", ""),
    )


def done(recipe: Recipe) -> str:
    """Return in one line what a recipe does to a file."""
    if recipe.still is not None:
        return f"a JPEG in sRGB, {recipe.still.canvas_width} × {recipe.still.canvas_height}"
    steps = []
    if recipe.cut is not None:
        steps.append(f"cut to {recipe.cut.start:g} to {recipe.cut.end:g} seconds")
    steps.append(_pictures(recipe.picture) if recipe.picture else "pictures as they were")
    steps.append(
        f"sound as AAC, {recipe.sound.sample_rate / 1000:g} kHz" if recipe.sound else "sound as it was"
    )
    return ", ".join([*steps, "index first, no edit list"])


def _pictures(picture: Picture) -> str:
    said = f"pictures as H.264, {picture.canvas_width} × {picture.canvas_height} at {float(picture.rate):.4g} fps"
    if (picture.canvas_width, picture.canvas_height) != (picture.width, picture.height):
        said += " with bars"
    if picture.tonemap:
        said += ", HDR turned into SDR"
    return said
