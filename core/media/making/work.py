"""The work of the limited process: a recipe carried out, and in one word how it ended."""

import errno
from typing import Any

from av.error import ExternalError, FFmpegError

from core.domain.refusals import Refusal
from core.domain.rendition import CannotCopy, Recipe
from core.media.making.film import Tell, make_film
from core.media.making.still import make_still


def work(source: int, target: int, recipe: Recipe, tell: Tell) -> dict[str, Any]:
    """Return {"done": true}, {"cannot_copy": track} or {"failed": code, "detail": an error's name}."""
    try:
        if recipe.still is not None:
            make_still(source, target, recipe.still)
        else:
            make_film(source, target, recipe, tell)
    except CannotCopy as unfit:
        return {"cannot_copy": unfit.track}
    except Refusal as refusal:
        return {"failed": refusal.code}
    except (MemoryError, ExternalError):
        # What the encoder for pictures says where it gets no memory: it has no other error once it has begun.
        return {"failed": "fix_too_heavy"}
    except OSError as error:
        return {"failed": _CODES.get(error.errno or 0, "fix_unreadable"), "detail": type(error).__name__}
    except (FFmpegError, ValueError, StopIteration, IndexError) as error:
        return {"failed": "fix_unreadable", "detail": type(error).__name__}
    return {"done": True}


_CODES = {
    errno.ENOSPC: "media_no_room",
    errno.EDQUOT: "media_no_room",
    errno.EFBIG: "fix_too_large",
    errno.ENOMEM: "fix_too_heavy",
}
