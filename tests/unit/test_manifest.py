"""The manifest says what the code does, and nothing else."""

import ast
import re
from pathlib import Path

import pytest

from bot.ids import ALERT, Action, Callback, PostField, Shortcut
from bot.listeners.tasks import table
from bot.slack.manifest import DESCRIPTION, LONG, SHORTCUTS, manifest, to_yaml
from bot.slack.scopes import SCOPES
from bot.views.help_view import COMMANDS
from sandbox.slack.app import App, from_manifest

ROOT = Path(__file__).parents[2]
ADDRESS = "https://crosslink.example"

NEEDS = {
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "chat_postEphemeral": "chat:write",
    "conversations_open": "im:write",
    "files_info": "files:read",
    "users_info": "users:read",
    "usergroups_list": "usergroups:read",
    "usergroups_users_list": "usergroups:read",
    "auth_test": "",
    "views_open": "",
    "views_push": "",
    "views_update": "",
    "views_publish": "",
}
"""The scope that each method of the Web API asks for (docs.slack.dev); "" for none."""
_METHOD = re.compile(r"(?:chat|conversations|users|usergroups|views|auth|files|reactions|team|bookmarks)_\w+")


def _methods_in_use() -> set[str]:
    found = set()
    for file in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found |= {node.func.attr} if _METHOD.fullmatch(node.func.attr) else set()
    return found


def test_the_file_is_what_the_code_makes():
    written = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    content = "".join(line for line in written.splitlines(keepends=True) if not line.startswith("#"))
    assert content == to_yaml(manifest(ADDRESS))


def test_every_method_in_use_is_known_here_and_its_scope_asked_for():
    methods = _methods_in_use()
    assert methods <= NEEDS.keys()
    assert {NEEDS[each] for each in methods} - {""} | {"commands", "metadata.message:read"} == set(SCOPES)


def test_help_lists_exactly_the_subcommands_that_work():
    filled = table()
    answered = set(filled.commands) | set(filled.instant) - {""}
    assert {word for word, _ in COMMANDS} == answered


def test_every_action_and_callback_has_a_listener():
    filled = table()
    assert set(filled.actions) - set(PostField) | filled.silent == set(Action)
    assert not set(filled.actions) & filled.silent
    assert set(filled.submissions) <= set(Callback)


def test_an_id_has_one_listener():
    filled = table()
    with pytest.raises(ValueError, match="already"):
        filled.command("link", filled.commands["link"])


def test_socket_mode_has_no_addresses():
    made = to_yaml(manifest(ADDRESS, socket=True))
    assert ADDRESS not in made
    assert "socket_mode_enabled: true" in made


def test_slacks_limits_hold():
    made = manifest(ADDRESS)
    (command,) = made["features"]["slash_commands"]
    assert len(DESCRIPTION) <= 140
    assert 175 <= len(LONG) <= 4000
    assert len(command["usage_hint"]) <= 1000
    for each in made["features"]["shortcuts"]:
        assert len(each["name"]) <= 24
        assert len(each["description"]) <= 150


def test_every_shortcut_has_a_listener_and_the_sandbox_offers_the_same():
    declared = {(each["name"], each["callback_id"]) for each in SHORTCUTS}
    assert {callback for _, callback in declared} == set(Shortcut) == set(table().shortcuts)
    assert {(each.name, each.callback_id) for each in App().shortcuts} == declared
    assert App().bot_scopes == SCOPES


def test_the_sandbox_tells_of_what_the_manifest_subscribes_to():
    assert from_manifest(manifest(ADDRESS), App(bot_events=frozenset())).bot_events == App().bot_events
    assert from_manifest(manifest(ADDRESS), App(metadata_subscriptions=frozenset())).hears_metadata(ALERT)
    assert App().hears_metadata(ALERT)


def test_yaml_quotes_what_it_would_read_otherwise():
    assert to_yaml({"a": "no", "b": ["x: y", {"c": 1, "d": True}], "e": {"f": "1"}}) == (
        'a: "no"\nb:\n  - "x: y"\n  - c: 1\n    d: true\ne:\n  f: "1"\n'
    )
