"""What is not kept: rows that have done their work, and the names of accounts whose owners asked for that."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, null, or_, select, update

from storage.tables import UNTOLD, evidence, facts, invitations, notices, oauth_states
from storage.transaction import Transaction

DELETIONS_KEPT = timedelta(days=365)
"""Longer than other notices: a page goes on saying that a deletion was done."""


async def forget_names(unit: Transaction, workspace: str, connection_id: str) -> None:
    """Take an account's handle and name out of everything that was written about a connection."""
    own = (evidence.c.workspace == workspace, evidence.c.connection_id == connection_id)
    for row in await unit.all(select(evidence.c.seq, evidence.c.observation).where(*own)):
        if "handle" in row["observation"]:
            nameless = {side: seen for side, seen in row["observation"].items() if side != "handle"}
            await unit.write(
                update(evidence).where(evidence.c.seq == row["seq"]).values(observation=nameless)
            )
    asked = (invitations.c.workspace == workspace, invitations.c.connection_id == connection_id)
    subjects = [row["id"] for row in await unit.all(select(invitations.c.id).where(*asked))]
    await unit.write(update(invitations).where(*asked).values(found=None))
    told = facts.c.subject.in_([connection_id, *subjects])
    for row in await unit.all(select(facts.c.seq, facts.c.details).where(told)):
        if row["details"].get("handle"):
            nameless = {**row["details"], "handle": ""}
            await unit.write(update(facts).where(facts.c.seq == row["seq"]).values(details=nameless))


async def tidy(unit: Transaction, before: datetime, *, limit: int) -> int:
    """End up to `limit` rows of each kind that were done with before a moment; return how many ended."""
    handled = notices.c.handled_at < before
    kept = or_(notices.c.reference == "", notices.c.handled_at < before - DELETIONS_KEPT)
    spent = (
        select(oauth_states.c.state_hash).where(oauth_states.c.expires_at < before).limit(limit),
        select(facts.c.seq).where(~UNTOLD, facts.c.told_at < before).order_by(facts.c.seq).limit(limit),
        select(notices.c.seq).where(handled, kept).order_by(notices.c.seq).limit(limit),
    )
    ended = 0
    for table, rows in zip((oauth_states, facts, notices), spent, strict=True):
        ended += (await unit.write(delete(table).where(_key(table).in_(rows)))).rowcount
    settled = (invitations.c.settled_at < before, invitations.c.response_url.is_not(None))
    addresses = select(invitations.c.seq).where(*settled).order_by(invitations.c.seq).limit(limit)
    erased = (
        update(invitations).where(invitations.c.seq.in_(addresses)).values(response_url=null(), key_id=null())
    )
    return ended + int((await unit.write(erased)).rowcount)


def _key(table: Table) -> Any:
    return next(iter(table.primary_key))
