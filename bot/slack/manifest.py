"""Slack's manifest of this app, made from what the code listens to and asks for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.ids import ALERT, Shortcut
from bot.listeners.tasks import table
from bot.slack.app import COMMAND
from bot.slack.scopes import SCOPES
from bot.views.help_view import COMMANDS

Tree = Mapping[str, Any]
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})

DESCRIPTION = "Keeps your clients' TikTok and Instagram accounts linked"
LONG = (
    "Crosslink links the TikTok and Instagram accounts of an agency's clients through the platforms' own consent "
    "pages. It knows at every moment whether each link can still do its job, says so in the client's channel before "
    "and when it breaks, and repairs it with one button. Unlinking is proved on both sides."
)


SHORTCUTS: Sequence[Mapping[str, str]] = (
    {
        "name": "Preflight this video",
        "type": "message",
        "callback_id": Shortcut.PREFLIGHT.value,
        "description": "See what TikTok and Instagram will say to it, and fix it",
    },
    {
        "name": "Cross-post this video",
        "type": "message",
        "callback_id": Shortcut.POST.value,
        "description": "Compose a post of it for TikTok and Instagram, and ask for approval",
    },
)


def manifest(base_url: str, *, socket: bool = False) -> Tree:
    """Return the manifest for the bot at `base_url`: with its addresses, or for socket mode without them."""
    events = table()
    subscribed = {
        "bot_events": sorted({*events.events, *events.lasting}),
        # Before an app is made nobody knows its id: any app's, and the listener believes its own.
        "metadata_subscriptions": [{"app_id": "*", "event_type": ALERT}],
    }
    address = {} if socket else {"request_url": f"{base_url}/slack/events"}
    command = {
        "command": COMMAND,
        **({} if socket else {"url": f"{base_url}/slack/events"}),
        "description": "Link, check and repair your clients' accounts",
        "usage_hint": " | ".join(word for word, _ in COMMANDS),
        "should_escape": True,
    }
    redirect = {} if socket else {"redirect_urls": [f"{base_url}/slack/oauth_redirect"]}
    return {
        "display_information": {
            "name": "Crosslink",
            "description": DESCRIPTION,
            "long_description": LONG,
            "background_color": "#2f2570",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Crosslink", "always_online": True},
            "shortcuts": [dict(each) for each in SHORTCUTS],
            "slash_commands": [command],
        },
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, **subscribed},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def to_yaml(tree: Tree) -> str:
    """Return a tree of mappings, lists and scalars as YAML."""
    return "\n".join(_lines(tree, 0)) + "\n"


def _lines(tree: Tree, depth: int) -> Iterator[str]:
    for key, value in tree.items():
        lead = f"{'  ' * depth}{key}:"
        if isinstance(value, Mapping):
            yield lead
            yield from _lines(value, depth + 1)
        elif isinstance(value, list):
            yield lead
            yield from _items(value, depth + 1)
        else:
            yield f"{lead} {_scalar(value)}"


def _items(items: Sequence[Any], depth: int) -> Iterator[str]:
    for item in items:
        lead = "  " * depth
        if isinstance(item, Mapping):
            first, *rest = _lines(item, depth + 1)
            yield f"{lead}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{lead}- {_scalar(item)}"


def _scalar(value: Any) -> str:
    """JSON's strings are YAML's, too; plain words stay bare where YAML reads them as words."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
