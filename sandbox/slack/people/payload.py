"""The parts that Slack puts into every payload about what a person did."""

from typing import Any

from sandbox.slack.app import APP_ID, VERIFICATION_TOKEN
from sandbox.slack.bot import Ack
from sandbox.slack.state import State
from sandbox.slack.workspace import Channel, Person

TIMED_OUT = "operation_timeout"
FAILED = "dispatch_failed"
NOT_ASKED: dict[str, Any] = {"status": 200, "ack_ms": 0.0, "ack": None, "asked": False}
"""For what changes only the person's own screen: Slack doesn't ask the bot."""


def user_part(person: Person) -> dict[str, Any]:
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team}


def team_part(state: State, team: str) -> dict[str, Any]:
    return {"id": team, "domain": state.workspace.teams[team].domain}


def channel_part(channel: Channel) -> dict[str, Any]:
    return {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name}


def common(state: State, kind: str, person: Person, team: str) -> dict[str, Any]:
    return {
        "type": kind,
        "user": user_part(person),
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": team_part(state, team),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def outcome(ack: Ack, **more: Any) -> dict[str, Any]:
    """What a script gets: the bot's HTTP status (0 for none), how long it took, its body, Slack's error word.

    `error` is there only when the person saw an error.
    """
    told: dict[str, Any] = {"status": ack.status, "ack_ms": ack.ms, "ack": ack.body}
    if not ack.fine:
        told["error"] = TIMED_OUT if ack.failed == "http_timeout" else FAILED
    return told | more
