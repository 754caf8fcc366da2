"""The list of commands, and what each of them loads."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import command
from bot.commands.later import Later

ROOT = Path(__file__).parents[2]
HEAVY = {
    "slack_bolt",
    "slack_sdk",
    "aiohttp",
    "httpx",
    "av",
    "alembic",
    "apscheduler",
    "prometheus_client",
    "jinja2",
}
"""What the bot runs on, and no look into the database needs."""
LATER = {name: each for name, each in command().commands.items() if isinstance(each, Later)}


def loaded(*modules: str) -> set[str]:
    """Return what a fresh interpreter has in it after importing modules."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


@pytest.mark.parametrize("name", LATER)
def test_every_command_explains_itself_with_an_example(name: str):
    listed = LATER[name]
    found = listed.load()
    assert listed.help.endswith(".")
    for each in getattr(found, "commands", {name: found}).values():
        assert each.help.partition("\n")[0].strip()
        *told, examples = each.help.split("\n\n")
        assert not [paragraph for paragraph in told if "\n" in paragraph], "a terminal's own width counts"
        assert examples.startswith("Examples:\n")
        assert f"crosslink {name}" in each.help


def test_the_list_of_commands_loads_none_of_them():
    found = loaded("bot.__main__")
    assert not {each for each in found if each.startswith(("bot.wiring", "core.", "storage."))}
    assert not found & {*HEAVY, "sqlalchemy", "pydantic"}


def test_looking_into_the_database_loads_nothing_that_runs_the_bot():
    looking = {each.where.partition(":")[0] for each in LATER.values()} & {
        f"bot.commands.{name}" for name in ("reads", "history", "posts", "storage")
    }
    assert len(looking) == 4
    assert not loaded(*looking) & HEAVY
