"""What happened to a post and to its deliveries, kept for ever: what a support case begins with."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.delivery import Delivery
from core.domain.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. What people decided has a record of its own (`Decision`).

    `what` is a change of the post (`requested`, `edited`, …) or, with a `delivery_id`, the step the delivery is at
    since `before`; both are the same where only what it waits for, or what is known of it, has changed. `digest` is
    the content it was about, `by` a Slack user id, or "" for the machine. `blame`, `code` and `log_id` are those of
    the obstacle, `reference` the platform's name for it.
    """

    workspace: str
    post_id: str
    at: datetime
    what: str
    digest: str
    by: str = ""
    delivery_id: str = ""
    platform: str = ""
    before: str = ""
    blame: str = ""
    code: str = ""
    log_id: str = ""
    waits: bool = False
    audience: str = ""
    reference: str = ""
    permalink: str = ""

    @property
    def is_step(self) -> bool:
        """True where a delivery came to a step."""
        return bool(self.delivery_id) and self.what != self.before


def change_of(post: Post, what: str, *, by: str, at: datetime) -> Entry:
    """Return the entry of a change of a post that is as given afterwards."""
    return Entry(workspace=post.workspace, post_id=post.id, at=at, what=what, digest=post.digest, by=by)


def passage_of(before: Delivery | None, after: Delivery, *, at: datetime, by: str = "") -> Entry | None:
    """Return the entry of what became of a delivery; None where nobody would ask about it (bytes, looks, retries).

    `before` is None for a new one.
    """
    if before is not None and _known(before) == _known(after):
        return None
    obstacle = after.obstacle
    return Entry(
        workspace=after.workspace,
        post_id=after.post_id,
        at=at,
        what=after.step,
        digest=after.digest,
        by=by,
        delivery_id=after.id,
        platform=after.platform,
        before=before.step if before else "",
        blame=obstacle.blame if obstacle else "",
        code=obstacle.code if obstacle else "",
        log_id=obstacle.log_id if obstacle else "",
        waits=after.waits,
        audience=after.audience,
        reference=after.ticket.reference,
        permalink=after.permalink,
    )


def _known(delivery: Delivery) -> tuple[object, ...]:
    return (
        delivery.step,
        delivery.stepped_at,
        delivery.obstacle,
        delivery.waits,
        delivery.audience,
        delivery.permalink,
        delivery.ticket.reference,
    )
