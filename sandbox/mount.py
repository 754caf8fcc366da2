"""How an emulator's routes get onto a site: every wire request passes the scripted faults and the journal."""

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter

from aiohttp import web

from sandbox.clock import TurnableClock
from sandbox.emulator import OUTCOME, Emulator, Route, World
from sandbox.faults import Fault
from sandbox.journal import Entry


def mount(app: web.Application, emulator: Emulator, world: World) -> None:
    """Add the emulator's wire endpoints behind faults and journal, and its control routes as they are."""
    for route in emulator.routes():
        app.router.add_route(route.method, route.path, _Watched(route, emulator, world).answer)
    app.add_routes(emulator.control_routes())


@dataclass(frozen=True, slots=True)
class _Watched:
    route: Route
    emulator: Emulator
    world: World

    async def answer(self, request: web.Request) -> web.StreamResponse:
        fault = self.world.faults.take(self.route.operation)
        at, began = self.world.clock.now(), perf_counter()
        status, outcome = 0, "crashed"
        try:
            response = await self._meet(fault, request)
            status, outcome = _summary(response, fault)
            await _hear_out(request, response)
        except web.HTTPException as answer:
            status, outcome = answer.status, _plain_outcome(answer.status)
            raise
        else:
            return response
        finally:
            self.world.journal.record(
                Entry(
                    at=at,
                    took_ms=round((perf_counter() - began) * 1000, 3),
                    emulator=self.emulator.name,
                    operation=self.route.operation,
                    method=request.method,
                    path=self.world.journal.shown(request.path),
                    status=status,
                    outcome=outcome,
                    fault=fault.what if fault else None,
                )
            )

    async def _meet(self, fault: Fault | None, request: web.Request) -> web.StreamResponse:
        match fault.what if fault else None:
            case "refuse" | "throttle":
                assert fault is not None
                if fault.when == "after":
                    await self.route.handler(request)
                return self.emulator.refusal(self.route.operation, fault)
            case "drop_before" | "reset":
                return _hang_up(request, reset=fault is not None and fault.what == "reset")
        if fault is None:
            return await self.route.handler(request)
        return await self._disturb(fault, request)

    async def _disturb(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.what == "delay" and fault.when == "before":
            await self.world.clock.sleep(fault.seconds)
        response = await self.route.handler(request)
        match fault.what:
            case "drop_after":
                return _hang_up(request)
            case "delay" if fault.when == "after":
                await self.world.clock.sleep(fault.seconds)
            case "slow":
                return await _dribble(response, request, self.world.clock, fault.seconds)
            case "corrupt":
                return _spoil(response)
        return response


class _NoAnswer(web.Response):
    """Stands for an answer that nobody gets: the connection is gone before it could be written."""


async def _hear_out(request: web.Request, response: web.StreamResponse) -> None:
    """Take what is left of the body: a client that is still sending doesn't read its refusal."""
    if isinstance(response, _NoAnswer) or request.content is None or request.content.at_eof():
        return
    with suppress(ConnectionError, web.RequestPayloadError):
        async for _ in request.content.iter_any():
            pass


def _summary(response: web.StreamResponse, fault: Fault | None) -> tuple[int, str]:
    if isinstance(response, _NoAnswer):
        return 0, "dropped"
    if fault is not None and fault.what == "corrupt":
        return response.status, "corrupted"
    return response.status, response.get(OUTCOME, _plain_outcome(response.status))


def _plain_outcome(status: int) -> str:
    return "ok" if status < HTTPStatus.BAD_REQUEST else str(status)


def _hang_up(request: web.Request, *, reset: bool = False) -> web.Response:
    if (transport := request.transport) is not None:
        if reset and (wire := transport.get_extra_info("socket")) is not None:
            # Lingering for zero seconds makes the kernel answer with RST instead of FIN.
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return _NoAnswer()


def _bytes_of(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else b""
    return body if isinstance(body, bytes) else b""


def _spoil(response: web.StreamResponse) -> web.Response:
    body = _bytes_of(response)
    return web.Response(
        status=response.status,
        body=body[: len(body) // 2] + b"\xff\xfe<",
        headers={"Content-Type": response.content_type},
    )


async def _dribble(
    response: web.StreamResponse, request: web.Request, clock: TurnableClock, seconds: float
) -> web.StreamResponse:
    body, pieces = _bytes_of(response), 8
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    for cookie in response.cookies.values():
        stream.headers.add("Set-Cookie", cookie.OutputString())
    stream.content_length = len(body)
    size = max(1, -(-len(body) // pieces))
    with suppress(ConnectionError):
        await stream.prepare(request)
        for start in range(0, len(body), size):
            await clock.sleep(seconds / pieces)
            await stream.write(body[start : start + size])
        await stream.write_eof()
    return stream
