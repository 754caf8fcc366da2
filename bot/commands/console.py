"""How commands speak: answers on standard output, everything else on standard error, one JSON document or none."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console

from bot import settings as environment
from bot.settings import Misconfigured, Settings
from bot.views.words.refused import sentence_plain
from core.domain.refusals import Refusal

FINDINGS, WRONG_USE = 1, 2

T = TypeVar("T")

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def settings() -> Settings:
    """Return the settings, or end with what is wrong with them."""
    try:
        return environment.load()
    except Misconfigured as error:
        misused(error)


def misused(error: Misconfigured) -> NoReturn:
    """End with a sentence for each problem of the settings."""
    for problem in error.problems:
        err.print(problem, style="red", markup=False)
    raise typer.Exit(WRONG_USE)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; settings that turn out wrong end it with sentences."""
    try:
        return asyncio.run(work)
    except Misconfigured as error:
        misused(error)


def answered(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; a refusal ends it with its sentence."""
    try:
        return run(work)
    except Refusal as refusal:
        err.print(sentence_plain(refusal), style="red", markup=False)
        raise typer.Exit(FINDINGS) from None


def document(content: Any) -> None:
    """Print the one JSON document of a command."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    """Moments as ISO 8601, whichever way a library writes them."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
