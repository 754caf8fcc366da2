"""A small app for the page to talk to: it answers a handful of commands the way Slack apps do."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from sandbox.server import Sandbox

NAME = "client"

MANIFEST = {
    "features": {
        "slash_commands": [
            {
                "command": "/crosslink",
                "description": "Try things",
                "usage_hint": "help | setup | link [tiktok|instagram]",
            }
        ],
        "shortcuts": [{"name": "Preflight this video", "type": "message", "callback_id": "preflight_video"}],
    },
}


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": words(text), "action_id": action, **more}


CARD = [
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*TikTok* of <!date^0^{date_num}|x> & co needs a person."},
    },
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            button("Relink", "relink", style="primary"),
            button("Break", "break"),
            button(
                "Unlink",
                "unlink",
                style="danger",
                confirm={
                    "title": words("Unlink?"),
                    "text": words("This ends the link."),
                    "confirm": words("Unlink it"),
                    "deny": words("Keep it"),
                },
            ),
            button("Open page", "open", url="https://platform.example/consent"),
        ],
    },
]

FORM = {
    "type": "modal",
    "callback_id": "setup",
    "notify_on_close": True,
    "title": words("Set up a client"),
    "submit": words("Save"),
    "close": words("Cancel"),
    "blocks": [
        {
            "type": "input",
            "block_id": NAME,
            "label": words("Client's name"),
            "element": {"type": "plain_text_input", "action_id": "name"},
        },
        {
            "type": "input",
            "block_id": "zone",
            "optional": True,
            "label": words("Time zone"),
            "element": {"type": "external_select", "action_id": "zone", "min_query_length": 2},
        },
        {"type": "actions", "block_id": "more", "elements": [button("More…", "more")]},
        {
            "type": "input",
            "block_id": "people",
            "optional": True,
            "label": words("Managers"),
            "element": {"type": "multi_users_select", "action_id": "people"},
        },
    ],
}

DETAILS = {
    "type": "modal",
    "title": words("Details"),
    "blocks": [{"type": "section", "text": words("Two views deep")}],
}

HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": words("What needs you")},
        {"type": "actions", "elements": [button("Refresh", "refresh")]},
    ],
}


class ScriptedApp:
    """`heard` keeps every payload. Commands: help, card, setup, break; the rest is acknowledged in silence."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.heard: list[dict[str, Any]] = []
        self._arrived = asyncio.Condition()

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [payload for payload in self.heard if payload.get("type") == kind]

    async def register(self) -> None:
        """Tell Slack of the app's command and shortcut."""
        world = self._sandbox.world
        async with world.session.post(f"{world.base_url}/_sandbox/slack/manifest", json=MANIFEST) as answer:
            assert answer.status == 200, await answer.text()

    async def hear(self, kind: str) -> dict[str, Any]:
        """The first payload of that type, waited for."""
        async with asyncio.timeout(5), self._arrived:
            await self._arrived.wait_for(lambda: self.of_type(kind))
        return self.of_type(kind)[0]

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.text()
        if request.content_type == "application/json":
            await self._event(json.loads(body)["event"])
            return web.Response()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        payload = json.loads(form["payload"]) if "payload" in form else {"type": "command", **form}
        async with self._arrived:
            self.heard.append(payload)
            self._arrived.notify_all()
        answer = await getattr(self, f"_{payload['type']}", self._quiet)(payload)
        return answer or web.Response()

    async def _event(self, event: dict[str, Any]) -> None:
        if event["type"] == "app_home_opened":
            await self._call("views.publish", user_id=event["user"], view=HOME)

    async def _block_suggestion(self, payload: dict[str, Any]) -> web.Response:
        zones = [
            zone
            for zone in ("Europe/Berlin", "Europe/Rome", "Asia/Tokyo")
            if payload["value"] in zone.lower()
        ]
        return web.json_response({"options": [{"text": words(zone), "value": zone} for zone in zones]})

    async def _quiet(self, _payload: dict[str, Any]) -> None:
        return None

    async def _command(self, form: dict[str, Any]) -> web.Response | None:
        match form.get("text", "").split():
            case ["help"]:
                return web.json_response({"response_type": "ephemeral", "text": "Try *status* in <#C0VELO>"})
            case ["card"]:
                await self._call(
                    "chat.postMessage", channel=form["channel_id"], text="TikTok needs a person", blocks=CARD
                )
            case ["setup"]:
                await self._call("views.open", trigger_id=form["trigger_id"], view=FORM)
            case ["break"]:
                return web.Response(status=500)
        return None

    async def _block_actions(self, payload: dict[str, Any]) -> web.Response | None:
        match payload["actions"][0]["action_id"]:
            case "break":
                return web.Response(status=500)
            case "more":
                await self._call("views.push", trigger_id=payload["trigger_id"], view=DETAILS)
            case "relink" | "unlink" as act:
                said = f"{act.title()}ed by <@{payload['user']['id']}>"
                outcome = {"type": "section", "text": {"type": "mrkdwn", "text": said}}
                where = {"channel": payload["channel"]["id"], "ts": payload["message"]["ts"]}
                await self._call("chat.update", **where, text=said, blocks=[outcome])
        return None

    async def _view_submission(self, payload: dict[str, Any]) -> web.Response | None:
        if payload["view"]["state"]["values"][NAME]["name"]["value"] == "taken":
            return web.json_response(
                {"response_action": "errors", "errors": {NAME: "There is already a client of that name."}}
            )
        return None

    async def _call(self, method: str, **arguments: Any) -> None:
        world = self._sandbox.world
        slack = next(one for one in self._sandbox.emulators if one.name == "slack")
        token = slack.state.installations["T0AGENCY"].token
        headers = {"Authorization": f"Bearer {token}"}
        async with world.session.post(
            f"{world.base_url}/slack.com/api/{method}", json=arguments, headers=headers
        ) as answer:
            told = await answer.json()
            assert told["ok"], told
