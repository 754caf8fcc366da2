"""News of deliveries: what people see of one, told to them and logged where it changed."""

import logging
from datetime import datetime

from core.domain.delivery import Blame, Delivery
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id

log = logging.getLogger(__name__)

PACE = "pace"
"""The code of a wait for one's turn under a limit of calls."""


def news_of(delivery: Delivery, at: datetime, *, by: str = "") -> Fact:
    """Return the news that something changed about a post's way to one platform."""
    details = {"change": "delivery", "delivery": delivery.id, "step": str(delivery.step)}
    return Fact(
        id=new_id("fa"),
        kind=FactKind.POST_CHANGED,
        workspace=delivery.workspace,
        at=at,
        client_id=delivery.client_id,
        subject=delivery.post_id,
        details=details | {"platform": str(delivery.platform), "by": by},
    )


def note(before: Delivery, after: Delivery) -> None:
    """Log what became of a delivery: names and codes, never content."""
    if not is_shown(before, after) and before.failures >= after.failures:
        return
    obstacle = after.obstacle
    log.info(
        "delivery",
        extra={
            "post": after.post_id,
            "delivery": after.id,
            "step": after.step,
            "provider": after.platform,
            "code": obstacle.code if obstacle else "",
            "log_id": obstacle.log_id if obstacle else "",
        },
    )


def is_shown(before: Delivery, after: Delivery) -> bool:
    """True where people see something else afterwards; that it waits a moment for its turn they don't."""
    return _shown(before) != _shown(after)


def _shown(delivery: Delivery) -> tuple[object, ...]:
    obstacle = delivery.obstacle
    shown = None if obstacle is None or obstacle.code == PACE else (obstacle.blame, obstacle.code)
    next_try = delivery.due_at if shown and shown[0] is Blame.LIMIT else None
    return delivery.step, delivery.waits, shown, next_try, delivery.audience, delivery.permalink
