"""What status/fetch shows of a delivery (content-posting-api-reference-get-video-status)."""

from datetime import datetime, timedelta

from core.domain.account import Account
from core.domain.delivery import Audience, Blame, Obstacle, Ticket
from core.ports import Cargo, Look, Sight
from core.providers.tiktok.codes import FAIL_REASONS
from core.providers.tiktok.orders import is_photo
from core.providers.tiktok.shapes import Job
from core.providers.wire import plain

MARGIN = timedelta(minutes=5)
"""How long after an upload address ran out bytes may still be on their way through TikTok."""
PUBLIC, ONLY_ME = "PUBLIC_TO_EVERYONE", "SELF_ONLY"


def looked(job: Job, cargo: Cargo, ticket: Ticket, *, now: datetime) -> Look:
    """Return what a job amounts to, without the permalink. A status that nobody knows tells nothing."""
    match job.status:
        case "PROCESSING_UPLOAD":
            return _uploading(job, ticket, now)
        case "PROCESSING_DOWNLOAD":
            return Look(sight=Sight.PROCESSING, sent=job.downloaded_bytes)
        case "SEND_TO_USER_INBOX":
            return Look(sight=Sight.PUBLISHED, audience=Audience.INBOX)
        case "PUBLISH_COMPLETE":
            ids = tuple(filter(None, map(plain, job.publicaly_available_post_id)))
            return Look(sight=Sight.PUBLISHED, audience=_audience(cargo, ids), ids=ids)
        case "FAILED":
            reason = plain(job.fail_reason)
            obstacle = Obstacle(blame=FAIL_REASONS.get(reason, Blame.PLATFORM), code=reason or "failed")
            return Look(sight=Sight.REFUSED, obstacle=obstacle)
    return Look(sight=Sight.UNKNOWN)


def permalink(site: str, cargo: Cargo, account: Account, ids: tuple[str, ...]) -> str:
    """Return the address of the first post, "" where it isn't known. The API names none."""
    if not ids or not account.handle:
        return ""
    return f"{site}/@{account.handle}/{'photo' if is_photo(cargo) else 'video'}/{ids[0]}"


def _uploading(job: Job, ticket: Ticket, now: datetime) -> Look:
    """Bytes that are missing can be sent until the address runs out; without them nothing will ever be posted."""
    sent = job.uploaded_bytes
    # Counted from one, says the page: the number of the last byte is as good as their count.
    if sent is None or ticket.upload_until is None or sent + 1 >= ticket.total:
        return Look(sight=Sight.PROCESSING, sent=sent)
    if now < ticket.upload_until:
        return Look(sight=Sight.ABSENT, sent=sent)
    is_over = now >= ticket.upload_until + MARGIN
    return Look(sight=Sight.GONE if is_over else Sight.PROCESSING, sent=sent)


def _audience(cargo: Cargo, ids: tuple[str, ...]) -> Audience:
    """Ids are given for public posts only, and only after moderation: none with a public post means wait."""
    if ids:
        return Audience.PUBLIC
    if cargo.target.tiktok.to_inbox:
        return Audience.INBOX
    return Audience.PENDING if cargo.target.tiktok.privacy == PUBLIC else Audience.PRIVATE
