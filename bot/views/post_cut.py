"""The form that asks which part of a film stays, where it is too long."""

from collections.abc import Mapping
from typing import Any

from bot import ids
from bot.ids import Callback, ComposeMeta, CutMeta, PostField
from bot.views import blocks, form
from bot.views.blocks import View, plain
from bot.views.form import Answers
from bot.views.post_parts import files
from bot.views.post_shapes import CheckedShape
from bot.views.preflight_form import seconds
from bot.views.text import esc
from core.domain.rendition import Cut

_UNREADABLE = "Write it as 0:05, or in seconds as 5."


def cut_modal(checked: CheckedShape, meta: ComposeMeta, longest: float, shortest: float) -> View:
    """Ask from where to where."""
    post = checked.post
    told = CutMeta(
        post=post.id,
        digest=post.digest,
        longest=f"{longest:g}",
        shortest=f"{shortest:g}",
        edits=meta.edits,
        edited=meta.digest,
    )
    bounds = f"{told.shortest} to {told.longest} seconds can be kept."
    return blocks.modal(
        "Which Part Stays?",
        [
            blocks.section(f"{esc(files(post.content.items))} is too long. Which part shall stay?"),
            form.field(PostField.START, "From", _moment("0:00"), hint="0:05 or 5"),
            form.field(PostField.END, "To", _moment(told.longest), hint=bounds),
        ],
        callback=Callback.POST_CUT,
        submit="Fix",
        close="Cancel",
        meta=ids.write(told, most=ids.PRIVATE_METADATA),
    )


def _moment(example: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "max_length": 12, "placeholder": plain(example)}


def read_cut(view: Mapping[str, Any]) -> Cut:
    """Return the part that was chosen; an unreadable one has no length."""
    answers = Answers(view)
    start, end = (seconds(answers.text(each)) for each in (PostField.START, PostField.END))
    return Cut(start or 0.0, end or 0.0)


def cut_errors(view: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what is wrong, beside its field."""
    told = ids.read(CutMeta, view.get("private_metadata"))
    answers = Answers(view)
    wrong: dict[str, str] = {
        each: _UNREADABLE for each in (PostField.START, PostField.END) if seconds(answers.text(each)) is None
    }
    if wrong:
        return wrong
    cut = read_cut(view)
    if not float(told.shortest) <= cut.length <= float(told.longest):
        return {PostField.END: f"Choose {told.shortest} to {told.longest} seconds."}
    return {}
