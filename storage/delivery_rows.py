"""A delivery and its row. The ticket's secret address is clear here; `storage.sealing` says how it is kept."""

from datetime import datetime
from typing import Any

from core.domain.delivery import Audience, Blame, Delivery, DeliveryStep, Obstacle, Ticket
from core.domain.post import Form
from core.domain.secret import Secret
from storage.transaction import Values

NEVER_CHANGED = frozenset(
    (
        "workspace",
        "client_id",
        "post_id",
        "digest",
        "connection_id",
        "account_id",
        "platform",
        "form",
        "created_at",
    )
)
"""Columns that no change of a delivery writes; its id is another. Only forgetting takes the account out."""


def row_of(delivery: Delivery) -> dict[str, Any]:
    """Return the row of a delivery, all but its lease."""
    return {
        "id": delivery.id,
        "workspace": delivery.workspace,
        "client_id": delivery.client_id,
        "post_id": delivery.post_id,
        "digest": delivery.digest,
        "connection_id": delivery.connection_id,
        "account_id": delivery.account_id,
        "platform": delivery.platform,
        "form": delivery.form,
        "created_at": delivery.created_at,
        "leave_at": delivery.leave_at,
        "due_at": delivery.due_at,
        "step": delivery.step,
        "stepped_at": delivery.stepped_at,
        "asked_at": delivery.asked_at,
        "waits": delivery.waits,
        "failures": delivery.failures,
        "rounds": delivery.rounds,
        "looks": delivery.looks,
        "audience": delivery.audience,
        "post_ids": list(delivery.post_ids),
        "permalink": delivery.permalink,
        "settled_by": delivery.settled_by,
        "fence": delivery.fence,
        "version": delivery.version,
        **_ticket_to_row(delivery.ticket),
        **_obstacle_to_row(delivery.obstacle),
    }


def delivery_from_row(row: Values) -> Delivery:
    """Return the delivery of a row whose secrets were opened."""
    return Delivery(
        id=row["id"],
        workspace=row["workspace"],
        client_id=row["client_id"],
        post_id=row["post_id"],
        digest=row["digest"],
        connection_id=row["connection_id"],
        account_id=row["account_id"],
        form=Form(row["form"]),
        created_at=row["created_at"],
        leave_at=row["leave_at"],
        due_at=row["due_at"],
        step=DeliveryStep(row["step"]),
        stepped_at=row["stepped_at"],
        asked_at=row["asked_at"],
        ticket=_ticket_from_row(row),
        obstacle=_obstacle_from_row(row),
        waits=row["waits"],
        failures=row["failures"],
        rounds=row["rounds"],
        looks=row["looks"],
        audience=Audience(row["audience"]),
        post_ids=tuple(row["post_ids"]),
        permalink=row["permalink"],
        settled_by=row["settled_by"],
        fence=row["fence"],
        version=row["version"],
    )


def _ticket_to_row(ticket: Ticket) -> dict[str, Any]:
    rest = {
        "parts": list(ticket.parts),
        "upload_until": ticket.upload_until.isoformat() if ticket.upload_until else None,
        "chunk": ticket.chunk,
        "sent": ticket.sent,
        "total": ticket.total,
        "is_ready": ticket.is_ready,
    }
    upload = ticket.upload.reveal() if ticket.upload else None
    return {"reference": ticket.reference, "upload": upload, "ticket": rest}


def _ticket_from_row(row: Values) -> Ticket:
    rest = row["ticket"]
    until = rest["upload_until"]
    return Ticket(
        reference=row["reference"],
        parts=tuple(rest["parts"]),
        upload=Secret(row["upload"]) if row["upload"] else None,
        upload_until=datetime.fromisoformat(until) if until else None,
        chunk=rest["chunk"],
        sent=rest["sent"],
        total=rest["total"],
        is_ready=rest["is_ready"],
    )


def _obstacle_to_row(obstacle: Obstacle | None) -> dict[str, Any]:
    if obstacle is None:
        return {"blame": None, "code": "", "log_id": ""}
    return {"blame": obstacle.blame, "code": obstacle.code, "log_id": obstacle.log_id}


def _obstacle_from_row(row: Values) -> Obstacle | None:
    if row["blame"] is None:
        return None
    return Obstacle(blame=Blame(row["blame"]), code=row["code"], log_id=row["log_id"])
