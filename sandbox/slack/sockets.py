"""Socket Mode: addresses from `apps.connections.open`, envelopes over websockets, acks by envelope id."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from sandbox.emulator import World
from sandbox.slack.app import APP_ID

MOST = 10
PING_SECONDS = 10.0
TICKET_SECONDS = 30.0


class Sockets:
    """The open sockets of the app, at most ten; any payload may land on any of them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: dict[str, float] = {}
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._turn = 0

    @property
    def any(self) -> bool:
        return any(not socket.closed for socket in self._open)

    def address(self) -> str:
        """A websocket address that is good for one connection within thirty seconds."""
        ticket = self._world.mint.secret(length=36)
        self._tickets[ticket] = self._world.clock.timestamp() + TICKET_SECONDS
        base = self._world.base_url.replace("http", "ws", 1)
        return f"{base}/wss-primary.slack.com/link/?ticket={ticket}&app_id={APP_ID}"

    async def connect(self, request: web.Request) -> web.StreamResponse:
        expires = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if self._world.clock.timestamp() > expires:
            return web.Response(status=404, text="invalid ticket")
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS)
        await socket.prepare(request)
        if len(self._open) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await self._serve(socket)
        return socket

    async def ask(self, kind: str, payload: Mapping[str, Any], retry: Mapping[str, str] | None) -> Any:
        """Send one envelope and wait for its ack; the answer is the ack's payload."""
        living = [socket for socket in self._open if not socket.closed]
        self._turn += 1
        envelope = {
            "envelope_id": str(uuid4()),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {
                "retry_attempt": int((retry or {}).get("X-Slack-Retry-Num", 0)),
                "retry_reason": (retry or {}).get("X-Slack-Retry-Reason", ""),
            }
        waiting = self._waiting[str(envelope["envelope_id"])] = asyncio.get_running_loop().create_future()
        try:
            await living[self._turn % len(living)].send_json(envelope)
            return await waiting
        finally:
            self._waiting.pop(str(envelope["envelope_id"]), None)

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self._open.append(socket)
        goodbye = asyncio.create_task(self._until_the_end(socket))
        try:
            info = {"app_id": APP_ID, "approximate_connection_time": 3600}
            hello = {"type": "hello", "num_connections": len(self._open), "connection_info": info}
            await socket.send_json(hello | {"debug_info": {"host": "sandbox", "build_number": 1}})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acked(message.data)
        finally:
            self._open.remove(socket)
            goodbye.cancel()

    async def _until_the_end(self, socket: web.WebSocketResponse) -> None:
        await self._world.closing.wait()
        await socket.close()

    def _acked(self, text: str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(answer.get("envelope_id", "")) if isinstance(answer, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))
