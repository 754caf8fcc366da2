"""The publishing endpoints: three inits, status and cancel (DP, UP, PH, ST, MTG)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from aiohttp import web

from sandbox.emulator import Handler
from sandbox.fetch import FetchFailed, Manner, fetch
from sandbox.tiktok.admission import Admission
from sandbox.tiktok.coverage import UPLOAD
from sandbox.tiktok.errors import Refused, api_refusal, enveloped
from sandbox.tiktok.gate import Gate
from sandbox.tiktok.jobs import Job, Jobs
from sandbox.tiktok.order import Body, Order, read_body, read_photos, read_video
from sandbox.tiktok.state import State
from sandbox.tiktok.tokens import TikTokToken
from sandbox.window import SlidingWindow

INITS_A_MINUTE = 6
STATUS_A_MINUTE = 30
CANCELS_A_MINUTE = 30
"""Not stated; as often as status."""

EITHER = ("video.publish", "video.upload")
USER_AGENT = "TikTokBot"
Work = Callable[[TikTokToken, Body], dict[str, Any]]


class Publishing:
    def __init__(self, state: State, gate: Gate, jobs: Jobs, admission: Admission) -> None:
        self._state = state
        self._gate = gate
        self._jobs = jobs
        self._admission = admission

    def video_init(self) -> Handler:
        return self._init(lambda body: read_video(body, direct=True), "video.publish")

    def inbox_init(self) -> Handler:
        return self._init(lambda body: read_video(body, direct=False), "video.upload")

    def content_init(self) -> Handler:
        return self._init(read_photos, *EITHER)

    def status(self) -> Handler:
        return self._answering(self._gate.window(STATUS_A_MINUTE), self._status, EITHER)

    def cancel(self) -> Handler:
        return self._answering(self._gate.window(CANCELS_A_MINUTE), self._cancel, EITHER)

    def _init(self, read: Callable[[Body], Order], *scopes: str) -> Handler:
        def begin(token: TikTokToken, body: Body) -> dict[str, Any]:
            order = read(body)
            self._gate.need(token, order.scope)
            self._admission.may_order(token.account, order)
            job = self._jobs.begin(token.account, token.grant, order)
            if order.plan is not None:
                return {"publish_id": job.id, "upload_url": self._upload_url(job)}
            self._state.world.spawn(self._pull(job))
            return {"publish_id": job.id}

        return self._answering(self._gate.window(INITS_A_MINUTE), begin, scopes)

    def _answering(self, window: SlidingWindow, work: Work, scopes: tuple[str, ...]) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            try:
                token = self._gate.token(request, window)
                self._gate.need(token, *scopes)
                data = work(token, await read_body(request, self._state.switches))
            except Refused as refused:
                return api_refusal(self._state, refused.code, refused.message)
            return enveloped(self._state, data)

        return answer

    def _status(self, token: TikTokToken, body: Body) -> dict[str, Any]:
        job = self._job(token, body)
        answer: dict[str, Any] = {"status": job.status}
        if job.fail_reason:
            answer["fail_reason"] = job.fail_reason
        ids = [int(post.id) for post in job.posts if post.state == "public"]
        bare = self._state.switches.text("post_id_shape") == "bare" and len(ids) == 1
        answer["publicaly_available_post_id"] = ids[0] if bare else ids
        answer["uploaded_bytes" if job.order.plan else "downloaded_bytes"] = job.bytes
        return answer

    def _cancel(self, token: TikTokToken, body: Body) -> dict[str, Any]:
        job = self._job(token, body)
        uploading = job.status == "PROCESSING_UPLOAD" and job.glance is not None
        may = uploading and self._state.switches.on("cancel_takes_uploads")
        if not may and (job.status != "PROCESSING_DOWNLOAD" or job.media):
            raise Refused("publish_not_cancellable", "The publish can't be cancelled any more.")
        self._jobs.fail(job, "publish_cancelled")
        return {}

    def _job(self, token: TikTokToken, body: Body) -> Job:
        if not body.has("publish_id"):
            raise body.wrong("publish_id")
        return self._jobs.get(body.text("publish_id"), token.account)

    def _upload_url(self, job: Job) -> str:
        digits = job.id.rpartition(".")[2]
        query = f"upload_id={digits}&upload_token={job.upload_token}"
        return f"{self._state.world.base_url}{UPLOAD}?{query}"

    async def _pull(self, job: Job) -> None:
        """TikTok fetches what the app named; redirects are invalid (MTG)."""
        switches = self._state.switches
        if switches.on("pulls_hang"):
            return
        manner = Manner(USER_AGENT, seconds=switches.number("pull_seconds"))
        world, urls = self._state.world, job.order.urls
        try:
            media = [await fetch(world, url, manner, partial(_note, job, job.bytes)) for url in urls]
        except FetchFailed:
            self._jobs.fail(job, f"{job.order.kind}_pull_failed")
            return
        if not job.is_over:
            self._jobs.arrived(job, tuple(media))


def _note(job: Job, before: int, size: int) -> None:
    job.bytes = before + size
