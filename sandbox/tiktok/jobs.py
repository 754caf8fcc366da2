"""What becomes of an order: bytes arrive, TikTok looks at them, a post or a draft appears, moderation lets it out."""

import string
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import asked
from sandbox.accounts import Grant
from sandbox.agenda import Agenda
from sandbox.media import Glance, Seen
from sandbox.posts import Post, Posts
from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.errors import Refused
from sandbox.tiktok.media_rules import fail_reason
from sandbox.tiktok.order import Order
from sandbox.tiktok.state import State
from sandbox.tiktok.switches import DAY

UPLOAD_SECONDS = 3_600
"""How long an upload URL works (DP)."""

PREFIXES = {
    ("video", True, True): "v_pub_file~v2-1.",
    ("video", True, False): "v_pub_url~v2-1.",
    ("video", False, True): "v_inbox_file~v2.",
    ("video", False, False): "v_inbox_url~v2.",
    ("photo", True, False): "p_pub_url~v2.",
    ("photo", False, False): "p_inbox_url~v2.",
}
"""Of publish ids, by kind, direct or not, uploaded or not (DP, UP, PH, TAC; the last one is our guess)."""

PUBLIC = "PUBLIC_TO_EVERYONE"
GIGA = 1_000_000_000
PROCESSING, MODERATION = "processing.tiktok", "moderation.tiktok"
"""Places for faults: refuse with a fail reason, or delay. No prefix of the wire operations reaches them."""


@dataclass(slots=True, eq=False)
class Job:
    """One publish id. `bytes` counts what was uploaded or downloaded."""

    id: str
    account: TikTokAccount
    grant: Grant
    order: Order
    begun: float
    agenda: Agenda
    upload_token: str = ""
    status: str = ""
    fail_reason: str = ""
    bytes: int = 0
    glance: Glance | None = None
    media: tuple[Seen, ...] = ()
    posts: list[Post[TikTokAccount]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.status in {"PUBLISH_COMPLETE", "FAILED"}

    @property
    def publish_type(self) -> str:
        return "DIRECT_PUBLISH" if self.order.direct else "INBOX_SHARE"

    @property
    def upload_expires(self) -> float:
        return self.begun + UPLOAD_SECONDS


class Jobs:
    """Every publish id there ever was, and what came of it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.posts: Posts[TikTokAccount] = Posts("tiktok", "publish_id")
        self._jobs: dict[str, Job] = {}
        self._uploads: dict[str, Job] = {}
        self._recent: deque[Job] = deque()

    def begin(self, account: TikTokAccount, grant: Grant, order: Order) -> Job:
        mint, uploads = self._state.world.mint, order.plan is not None
        prefix = PREFIXES[order.kind, order.direct, uploads]
        digits = mint.identifier("7", 18, string.digits)
        job = Job(prefix + digits, account, grant, order, self._now(), Agenda(self._state.world))
        job.status = "PROCESSING_UPLOAD" if uploads else "PROCESSING_DOWNLOAD"
        job.glance = Glance(reel=self._state.world.reel)
        if uploads:
            job.upload_token = mint.secret("", 64)
            self._uploads[job.upload_token] = job
            if self._state.switches.on("abandoned_uploads_fail"):
                job.agenda.plan(job.upload_expires, lambda _at: self._abandon(job))
        self._jobs[job.id] = job
        self._recent.append(job)
        return job

    def recent(self) -> list[Job]:
        """Those that began in the last 24 hours."""
        horizon = self._now() - DAY
        while self._recent and self._recent[0].begun <= horizon:
            self._recent.popleft()
        return list(self._recent)

    def get(self, publish_id: str, account: TikTokAccount) -> Job:
        """Raises Refused for an unknown or forgotten id, and for somebody else's."""
        job, kept = self._jobs.get(publish_id), self._state.switches.number("publish_id_seconds")
        if job is None or (kept and job.begun + kept <= self._now()):
            raise Refused("invalid_publish_id", "The publish_id does not exist.")
        if job.account is not account:
            code = "token_not_authorized_for_specified_publish_id"
            raise Refused(code, "The access token does not match the publish_id.")
        self.settle(job)
        return job

    def uploading(self, token: str) -> Job | None:
        """The job behind an upload URL."""
        if (job := self._uploads.get(token)) is not None:
            self.settle(job)
        return job

    def settle(self, job: Job) -> None:
        """Bring the job to the present moment."""
        job.agenda.settle()
        if not job.is_over and job.status != "SEND_TO_USER_INBOX":
            self._check_grant(job)

    def settle_all(self) -> None:
        for job in self._jobs.values():
            job.agenda.settle()

    def arrived(self, job: Job, media: tuple[Seen, ...]) -> None:
        """All bytes are here: TikTok looks at them for a while."""
        job.media, job.glance = media, None
        switches = self._state.switches
        size = sum(one.size for one in media)
        seconds = switches.number("processing_seconds")
        seconds += switches.number("processing_seconds_per_gb") * size // GIGA
        job.agenda.plan(self._now() + seconds, lambda at: self._judge(job, at))
        job.agenda.settle()

    def fail(self, job: Job, reason: str) -> None:
        """End a job that isn't over, and tell the app why."""
        if job.is_over:
            return
        job.status, job.fail_reason, job.glance = "FAILED", reason, None
        job.agenda.clear()
        field_name = self._state.switches.text("failed_webhook_field")
        names = ("reason", "fail_reason") if field_name == "both" else (field_name,)
        self._tell(job, "failed", dict.fromkeys(names, reason))

    def draft(self, account: TikTokAccount, publish_id: str) -> Job:
        """A job of this account that reached its inbox. Raises AskedError for any other."""
        job = self._jobs.get(publish_id)
        if job is not None:
            self.settle(job)
        if job is None or job.account is not account or job.order.direct or not job.posts:
            raise asked.AskedError(f"{account.handle!r} has no draft {publish_id!r}.")
        return job

    def publish_draft(self, job: Job) -> None:
        """The creator posts a draft from the inbox, publicly; they may do so again."""
        if (draft := job.posts[0]).state == "draft":
            draft.state = "removed"
        self._publish(job, self._now(), {**job.order.options, "privacy_level": job.account.privacy_levels[0]})

    def take_down(self, post: Post[TikTokAccount]) -> None:
        """The creator or TikTok removes a post; the app hears of it if it was public."""
        was_public, post.state = post.state == "public", "removed"
        if was_public:
            self._tell_post(self._jobs[post.source], post, "no_longer_publicaly_available")

    def _abandon(self, job: Job) -> None:
        """The upload URL ran out before all bytes were here."""
        if job.glance is not None:
            self.fail(job, "internal")

    def _check_grant(self, job: Job) -> None:
        if job.grant.ended or job.order.scope not in job.grant.scopes:
            self.fail(job, "auth_removed")

    def _judge(self, job: Job, at: float) -> None:
        self._check_grant(job)
        if job.is_over:
            return
        fault = self._state.world.faults.take(PROCESSING)
        if fault is not None and fault.what == "delay":
            job.agenda.plan(at + fault.seconds, lambda later: self._judge(job, later))
            return
        scripted = fault.code if fault is not None and fault.what == "refuse" else ""
        if reason := scripted or fail_reason(job.order, job.media, job.account, self._state.switches):
            self.fail(job, reason)
        elif job.order.direct:
            self._publish(job, at, job.order.options)
        else:
            self._deliver_draft(job, at)

    def _deliver_draft(self, job: Job, at: float) -> None:
        job.status = "SEND_TO_USER_INBOX"
        job.posts.append(self._post(job, at, "draft", job.order.options))
        self._tell(job, "inbox_delivered")
        if self._state.switches.on("drafts_vanish"):
            job.agenda.plan(at + DAY, lambda _at: _vanish(job.posts[0]))

    def _publish(self, job: Job, at: float, options: Mapping[str, Any]) -> None:
        public = options.get("privacy_level") == PUBLIC
        post = self._post(job, at, "moderation" if public else "private", options)
        job.status = "PUBLISH_COMPLETE"
        job.posts.append(post)
        self._tell(job, "complete")
        if public:
            seconds = self._state.switches.number("moderation_seconds")
            job.agenda.plan(at + seconds, lambda then: self._let_out(job, post, then))
            job.agenda.settle()

    def _let_out(self, job: Job, post: Post[TikTokAccount], at: float) -> None:
        fault = self._state.world.faults.take(MODERATION)
        if fault is not None and fault.what == "delay":
            job.agenda.plan(at + fault.seconds, lambda later: self._let_out(job, post, later))
        elif post.state == "moderation" and (fault is None or fault.what != "refuse"):
            post.state, post.public_at = "public", at
            self._tell_post(job, post, "publicly_available")

    def _post(self, job: Job, at: float, state: Any, options: Mapping[str, Any]) -> Post[TikTokAccount]:
        post: Post[TikTokAccount] = Post(
            account=job.account,
            id=self._state.world.mint.identifier("7", 18, string.digits),
            kind=job.order.kind,
            caption=job.order.caption,
            media=job.media,
            options=options,
            source=job.id,
            state=state,
            published_at=at,
            details={"account_id": job.account.open_id, "mode": "direct" if job.order.direct else "inbox"},
        )
        return self.posts.add(post)

    def _tell_post(self, job: Job, post: Post[TikTokAccount], event: str) -> None:
        as_text = self._state.switches.text("webhook_post_id") == "text"
        self._tell(job, event, {"post_id": post.id if as_text else int(post.id)})

    def _tell(self, job: Job, event: str, more: Mapping[str, Any] | None = None) -> None:
        content = {"publish_id": job.id, "publish_type": job.publish_type, **(more or {})}
        self._state.tell(job.account, f"post.publish.{event}", content)

    def _now(self) -> float:
        return self._state.world.clock.timestamp()


def _vanish(draft: Post[TikTokAccount]) -> None:
    if draft.state == "draft":
        draft.state = "removed"
