"""What is not kept: rows that have done their work, and the names of accounts whose owners asked for that."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, Table, cast, delete, null, or_, select, tuple_, update

from core.domain.delivery import FORGOTTEN
from core.domain.post import PostStep
from storage.post_tables import calls, chronicle, decisions, deliveries, post_messages, posts
from storage.tables import UNTOLD, connections, evidence, facts, invitations, notices, oauth_states, viewers
from storage.transaction import Transaction

DELETIONS_KEPT = timedelta(days=365)
"""Longer than other notices: a page goes on saying that a deletion was done."""
DRAFTS_KEPT = timedelta(days=60)
"""Longer than what was done with: people come back to what they began."""
_NAMES = ("handle", "name")
"""Of an account, in what a fact tells."""


async def forget_names(unit: Transaction, workspace: str, connection_id: str) -> None:
    """Take an account's ids, handle and name out of everything that was written about a connection."""
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
    told = (facts.c.workspace == workspace, facts.c.subject.in_([connection_id, *subjects]))
    for row in await unit.all(select(facts.c.seq, facts.c.details).where(*told)):
        if any(row["details"].get(each) for each in _NAMES):
            unnamed = {each: "" for each in _NAMES if each in row["details"]}
            kept = {**row["details"], **unnamed}
            await unit.write(update(facts).where(facts.c.seq == row["seq"]).values(details=kept))
    await _forget_in_posts(unit, workspace, connection_id)


async def _forget_in_posts(unit: Transaction, workspace: str, connection_id: str) -> None:
    """Addresses of posts have the handle in them. Whoever read a post or a delivery before cannot save it any more."""
    own = (deliveries.c.workspace == workspace, deliveries.c.connection_id == connection_id)
    entries = (chronicle.c.workspace == workspace, chronicle.c.permalink != "")
    sent = select(deliveries.c.id).where(*own)
    await unit.write(
        update(chronicle).where(*entries, chronicle.c.delivery_id.in_(sent)).values(permalink="")
    )
    nobodys = {"account_id": FORGOTTEN, "permalink": "", "version": deliveries.c.version + 1}
    await unit.write(update(deliveries).where(*own).values(nobodys))
    client = select(connections.c.client_id).where(connections.c.id == connection_id).scalar_subquery()
    of_client = (posts.c.workspace == workspace, posts.c.client_id == client)
    # Nobody saves one in between: what is written back here was read before.
    noted_of_client = select(posts.c.seq, posts.c.noted).where(*of_client).order_by(posts.c.seq)
    for row in await unit.all(noted_of_client.with_for_update(key_share=True)):
        senders = row["noted"]["senders"] if row["noted"] else []
        if any(each["connection_id"] == connection_id for each in senders):
            nameless = [
                _nameless(each) if each["connection_id"] == connection_id else each for each in senders
            ]
            noted = {"noted": {**row["noted"], "senders": nameless}, "version": posts.c.version + 1}
            await unit.write(update(posts).where(posts.c.seq == row["seq"]).values(noted))


def _nameless(sender: dict[str, Any]) -> dict[str, Any]:
    return {**sender, "account_id": FORGOTTEN, "handle": "", "name": ""}


async def tidy(unit: Transaction, before: datetime, *, limit: int) -> int:
    """End up to `limit` rows of each kind that were done with before a moment; return how many ended."""
    handled = notices.c.handled_at < before
    kept = or_(notices.c.reference == "", notices.c.handled_at < before - DELETIONS_KEPT)
    spent = (
        select(oauth_states.c.state_hash).where(oauth_states.c.expires_at < before).limit(limit),
        select(facts.c.seq).where(~UNTOLD, facts.c.told_at < before).order_by(facts.c.seq).limit(limit),
        select(notices.c.seq).where(handled, kept).order_by(notices.c.seq).limit(limit),
        select(calls.c.seq).where(calls.c.until < before).order_by(calls.c.until).limit(limit),
    )
    ended = await _drop_drafts(unit, before - DRAFTS_KEPT, limit)
    for table, rows in zip((oauth_states, facts, notices, calls), spent, strict=True):
        ended += (await unit.write(delete(table).where(_key(table).in_(rows)))).rowcount
    ended += await _drop_viewers(unit, before, limit)
    return ended + await _empty_invitations(unit, before, limit)


async def _empty_invitations(unit: Transaction, before: datetime, limit: int) -> int:
    """Erase of invitations settled before a moment what opened something, and who it was that came.

    Accounts that came and were not linked are nobody's here: no wish to be forgotten would find them.
    """
    has_any = or_(
        invitations.c.response_url.is_not(None),
        invitations.c.token.is_not(None),
        cast(invitations.c.found, String) != "null",
    )
    done_with = select(invitations.c.seq).where(invitations.c.settled_at < before, has_any)
    some = done_with.order_by(invitations.c.seq).limit(limit)
    emptied = update(invitations).where(invitations.c.seq.in_(some))
    emptied = emptied.values(response_url=null(), token=null(), key_id=null(), found=None)
    return int((await unit.write(emptied)).rowcount)


async def _drop_drafts(unit: Transaction, before: datetime, limit: int) -> int:
    """End drafts that nobody saved since a moment and that were never asked for, with where they were shown."""
    draft = (
        posts.c.step == str(PostStep.DRAFT),
        posts.c.created_at < before,
        or_(posts.c.edited_at.is_(None), posts.c.edited_at < before),
        posts.c.requested_at.is_(None),
    )
    decided = select(decisions.c.post_id).where(decisions.c.post_id == posts.c.id).exists()
    found = select(posts.c.id).where(*draft, ~decided).order_by(posts.c.created_at).limit(limit)
    ids = [row["id"] for row in await unit.all(found)]
    for table in (post_messages, chronicle):
        await unit.write(delete(table).where(table.c.post_id.in_(ids)))
    return int((await unit.write(delete(posts).where(posts.c.id.in_(ids)))).rowcount)


async def _drop_viewers(unit: Transaction, before: datetime, limit: int) -> int:
    """End that Home is kept fresh for people who didn't look at it since a moment: it is drawn when they do."""
    person = (viewers.c.workspace, viewers.c.user_id)
    gone = select(*person).where(viewers.c.seen_at < before).limit(limit)
    return int((await unit.write(delete(viewers).where(tuple_(*person).in_(gone)))).rowcount)


def _key(table: Table) -> Any:
    return next(iter(table.primary_key))
