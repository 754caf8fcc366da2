"""The emulated Slack on loopback with a scripted bot behind it, and Slack's own SDK in front."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import serving

SECRET = "sandbox-signing-secret"
WIDE = [
    "channels:read", "chat:write", "commands", "files:read", "files:write", "groups:read", "im:write", "team:read",
    "usergroups:read", "users:read",
]  # fmt: skip


async def until(condition, seconds=5.0):
    """Wait for the condition, with a deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.005)


class SandboxTime:
    """The clock that the SDK's verifier asks for."""

    def __init__(self, clock):
        self._clock = clock

    def now(self):
        return self._clock.timestamp()


@dataclass
class ScriptedBot:
    """Checks every signature with the SDK, keeps what it heard, answers from `answers` by payload type."""

    url: str = ""
    heard: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    verifier: SignatureVerifier | None = None
    forged: int = 0

    async def receive(self, request):
        body = await request.read()
        if not self.verifier.is_valid_request(body, {k.lower(): v for k, v in request.headers.items()}):
            self.forged += 1
            return web.Response(status=401)
        payload = read_payload(body, request.content_type)
        self.heard.append(payload)
        self.headers.append(dict(request.headers))
        answer = self.answers.get(kind_of(payload))
        if callable(answer):
            answer = await answer(payload)
        if isinstance(answer, web.Response):
            return answer
        return web.Response() if answer is None else web.json_response(answer)

    @property
    def last(self):
        return self.heard[-1]


def read_payload(body, content_type):
    if content_type == "application/json":
        return json.loads(body)
    form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    return json.loads(form["payload"]) if "payload" in form else form


def kind_of(payload):
    return payload["event"]["type"] if "event" in payload else payload.get("type", "command")


@dataclass
class Slack:
    """What a test needs: the site, its control calls, a client with the bot's token, the bot."""

    emulator: object
    world: object
    http: aiohttp.ClientSession
    bot: ScriptedBot
    client: AsyncWebClient

    async def control(self, path, /, **body):
        async with self.http.post(f"/_sandbox/{path}", json=body) as answer:
            told = await answer.json()
            return {**told, "http": answer.status} if isinstance(told, dict) else told

    async def people(self, act, user, /, **body):
        return await self.control(f"people/{act}", user=user, **body)

    async def slash(self, text, *, user="requester", channel="nordlicht-bakery"):
        return await self.people("slash", user, channel=channel, text=text)

    async def read(self, path, **query):
        async with self.http.get(f"/_sandbox/{path}", params=query) as answer:
            return await answer.json()

    async def messages(self, channel="nordlicht-bakery", user="requester"):
        return await self.read("messages", channel=channel, user=user)

    async def views(self, user="requester"):
        return await self.read("views", user=user)

    def with_token(self, token):
        return AsyncWebClient(
            token=token, base_url=f"{self.world.base_url}/slack.com/api/", session=self.http
        )

    async def call(self, method, /, token=None, **arguments):
        """A raw JSON call, without the SDK's own checks."""
        headers = {"Authorization": f"Bearer {token or self.emulator.bot_token}"}
        async with self.http.post(f"/slack.com/api/{method}", json=arguments, headers=headers) as answer:
            return await answer.json()


@asynccontextmanager
async def slack() -> AsyncIterator[Slack]:
    bot, app = ScriptedBot(), web.Application()
    app.router.add_post("/slack/events", bot.receive)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with serving(bot_url=bot.url) as sandbox:
        bot.verifier = SignatureVerifier(SECRET, clock=SandboxTime(sandbox.world.clock))
        emulator = next(one for one in sandbox.emulators if one.name == "slack")
        emulator.state.installations["T0AGENCY"].scopes = tuple(WIDE)
        async with aiohttp.ClientSession(sandbox.world.base_url) as http:
            yield Slack(
                emulator,
                sandbox.world,
                http,
                bot,
                AsyncWebClient(
                    token=emulator.bot_token,
                    base_url=f"{sandbox.world.base_url}/slack.com/api/",
                    session=http,
                ),
            )
    await runner.cleanup()


def upload_form(**fields):
    """A multipart form; bytes become the file."""
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value, filename="clip.mp4" if isinstance(value, bytes) else None)
    return form


async def code_of(call):
    """The error code that the SDK raised, "" for none."""
    try:
        await call
    except SlackApiError as refused:
        return refused.response["error"]
    return ""


def section(text="hello", **more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id="go", **more):
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": action_id, **more}


def actions(*elements, **more):
    return {"type": "actions", "elements": list(elements), **more}


def field_of(block_id, element, **more):
    label = {"type": "plain_text", "text": block_id.title()}
    return {"type": "input", "block_id": block_id, "label": label, "element": element, **more}


def modal(*blocks, **more):
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Title"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": list(blocks) or [section()],
        **more,
    }


def words(text):
    return {"type": "plain_text", "text": text}


def choice(value):
    return {"text": words(value.title()), "value": value}


async def post(site, *blocks, channel="C0BAKERY", **more):
    told = await site.client.chat_postMessage(channel=channel, text="card", blocks=list(blocks), **more)
    return {"channel": channel, "ts": told["ts"]}


async def opened(site, *blocks, **more):
    """A modal on the requester's screen."""
    await site.slash("x")
    view = modal(*blocks, **more)
    return (await site.client.views_open(trigger_id=site.bot.last["trigger_id"], view=view))["view"]["id"]


def name_field(**more):
    return field_of("name", {"type": "plain_text_input", "action_id": "a", **more})
