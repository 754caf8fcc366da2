"""PUT to an upload URL: TikTok's chunks, strictly in order, each whole or not at all (MTG)."""

import re
from dataclasses import dataclass

from aiohttp import ClientPayloadError, web

from sandbox.emulator import OUTCOME
from sandbox.media import Glance
from sandbox.tiktok.errors import upload_refusal
from sandbox.tiktok.jobs import Job, Jobs
from sandbox.tiktok.plan import Plan
from sandbox.tiktok.state import State

TYPES = frozenset({"video/mp4", "video/quicktime", "video/webm"})
RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


class Invalid(Exception):
    """The upload host refuses with this status."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True)
class Chunk:
    begin: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.begin + 1


class Upload:
    def __init__(self, state: State, jobs: Jobs) -> None:
        self._state = state
        self._jobs = jobs

    async def put(self, request: web.Request) -> web.Response:
        """206 wants more, 201 has all; 400 header or length, 403 expired, 404 unknown, 416 out of order."""
        job = self._jobs.uploading(request.query.get("upload_token", ""))
        if job is None or job.order.plan is None:
            return upload_refusal(404, "unknown_upload")
        plan = job.order.plan
        try:
            chunk = self._chunk(request, job, plan)
            if chunk.begin == job.bytes:
                await self._take(request, job, chunk)
            else:
                # Taken before, and the switch says that it may come again.
                await _discard(request)
        except Invalid as refused:
            response = upload_refusal(refused.status, refused.why)
            response.headers["Content-Range"] = self._progress(job, plan)
            return response
        return self._taken(job, plan)

    def _chunk(self, request: web.Request, job: Job, plan: Plan) -> Chunk:
        if job.status == "FAILED" or self._state.world.clock.timestamp() >= job.upload_expires:
            raise Invalid(403, "upload_url_expired")
        found = RANGE.fullmatch(request.headers.get("Content-Range", ""))
        if request.content_type not in TYPES or found is None or request.content_length is None:
            raise Invalid(400, "header")
        chunk, total = Chunk(int(found[1]), int(found[2])), int(found[3])
        if total != plan.size or chunk.size != request.content_length or chunk.size < 1:
            raise Invalid(400, "length")
        again = chunk.end < job.bytes and self._state.switches.text("resent_chunk") == "206"
        if chunk.begin != job.bytes and not again:
            raise Invalid(416, "range")
        if chunk.end != plan.end(chunk.begin):
            raise Invalid(400, "chunk_size")
        return chunk

    async def _take(self, request: web.Request, job: Job, chunk: Chunk) -> None:
        """Keep the chunk once all of it is here; one that breaks off leaves no trace."""
        assert job.glance is not None
        glance = job.glance.fork()
        await _read(request, glance)
        if glance.size != chunk.end + 1:
            raise Invalid(400, "length")
        if job.bytes != chunk.begin or job.is_over:
            raise Invalid(416, "range")
        job.glance, job.bytes = glance, glance.size
        assert job.order.plan is not None
        if job.bytes == job.order.plan.size:
            self._jobs.arrived(job, (glance.seen(),))

    def _taken(self, job: Job, plan: Plan) -> web.Response:
        done = job.bytes == plan.size
        status = self._state.switches.number("upload_done") if done else 206
        headers = {"Content-Range": self._progress(job, plan)}
        if self._state.switches.text("upload_body") == "json":
            response = web.json_response({"uploaded_bytes": job.bytes}, status=status, headers=headers)
        else:
            response = web.Response(status=status, headers=headers)
        response[OUTCOME] = "uploaded" if done else "ok"
        return response

    def _progress(self, job: Job, plan: Plan) -> str:
        last = self._state.switches.text("upload_progress") == "last_byte"
        return f"bytes 0-{max(0, job.bytes - 1) if last else job.bytes}/{plan.size}"


async def _read(request: web.Request, glance: Glance) -> None:
    try:
        async for piece in request.content.iter_any():
            glance.feed(piece)
    except (ClientPayloadError, ConnectionError, web.RequestPayloadError) as broken:
        raise Invalid(400, "broken_off") from broken


async def _discard(request: web.Request) -> None:
    await _read(request, Glance())
