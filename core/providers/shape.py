"""The base of all wire models: they read what they need, ignore the rest, and never show what they were given."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from core.providers.wire import Effect

AShape = TypeVar("AShape", bound="Shape")


class Shape(BaseModel):
    """A part of a platform's answer. Ids may come as numbers: they are kept as text."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, coerce_numbers_to_str=True
    )


def read(shape: type[AShape], body: Any, effect: Effect) -> AShape:
    """Return the body as this shape. A body that isn't one is an answer that nobody can read, so it is lost."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        del body  # An error reporter may print the locals it passes.
        raise effect.lost("unreadable_answer") from None
