"""What the pages for operators say is what there is: settings, commands, fields of JSON, metrics."""

import re
from pathlib import Path

import pytest

from bot.__main__ import command
from bot.commands import doctor, history, posts, reads
from bot.commands.check import Check, Verdict
from bot.commands.later import Later
from bot.metrics import Metrics
from bot.settings import Settings, variable
from bot.views.help_view import COMMANDS as SUBCOMMANDS
from core.domain.waiting import Waiting
from sandbox.simulate.figures import Figures
from tests.builders import a_client, a_delivery, a_linked_connection
from tests.unit.views import post_rows, rows

ROOT = Path(__file__).parents[2]
README, COMMANDS, OPERATING = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "docs/commands.md", "docs/operating.md")
)
CLIENT = a_client()
CONNECTION = a_linked_connection(CLIENT)
LISTED = {name: each for name, each in command().commands.items() if isinstance(each, Later)}


def described(section: str) -> set[str]:
    """Return the fields that a section of the page about commands describes."""
    _, found, rest = COMMANDS.partition(f"\n### {section}\n")
    assert found, section
    cells = re.findall(r"^\| (`.*?`) \|", rest.partition("\n### ")[0], re.MULTILINE)
    return set(re.findall(r"`(\w+)`", " ".join(cells)))


def test_the_fields_of_a_status_are_described():
    row = reads._client(rows.a_row(CLIENT, CONNECTION), {CONNECTION.id: Waiting()})
    assert described("status") == row.keys() | row["connections"]["tiktok"].keys()


def test_the_fields_of_histories_are_described():
    assert described("history") == set(history.FIELDS)
    assert described("history of a post") == set(posts.TRACE_FIELDS)


def test_the_fields_of_posts_are_described():
    row = post_rows.a_row(deliveries=[lambda post: a_delivery(post, CONNECTION)])
    document = posts._post(row)
    assert described("posts") == document.keys() | document["deliveries"][0].keys()


def test_the_fields_of_a_simulation_are_described():
    assert described("simulate") == Figures().to_json(1.0).keys()


def test_the_fields_of_a_check_are_described():
    _, _, section = COMMANDS.partition("\n### doctor\n")
    for name in doctor._row(Check("name", Verdict.OK, "says")):
        assert f"`{name}`" in section.partition("\n### ")[0]


def test_every_setting_is_described():
    named = set(re.findall(r"`(CROSSLINK_\w+)`", OPERATING))
    assert named == {variable(name) for name in Settings.model_fields}


def test_every_metric_is_described():
    families = {each.name for each in Metrics().registry.collect()}
    _, _, table = OPERATING.partition("| metric | counts |")
    named = re.findall(r"`(crosslink_\w+)`", table.partition("\n\n")[0])
    assert families == {each.removesuffix("_total") for each in named}


@pytest.mark.parametrize("name", LISTED)
def test_every_command_and_its_options_are_described(name: str):
    found = LISTED[name].load()
    row = next(line for line in COMMANDS.splitlines() if line.startswith(f"| `crosslink {name}"))
    for each in getattr(found, "commands", {name: found}).values():
        for option in each.params:
            if option.param_type_name == "option":
                assert option.opts[-1] in row


@pytest.mark.parametrize("word", [word for word, _ in SUBCOMMANDS])
def test_the_tour_shows_every_subcommand(word: str):
    assert f"| `/crosslink {word}" in README
