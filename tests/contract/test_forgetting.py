"""What is not kept, by every way of storing: drafts nobody came back to, and the names that people took back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.domain.account import Platform
from core.domain.chronicle import passage_of
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.delivery import FORGOTTEN, Delivery, DeliveryStep
from core.domain.fact import FactKind
from core.domain.invitation import InvitationStep, LinkOutcome
from core.domain.observation import Observation
from core.domain.post import Noted, Post, PostStep, Sender
from core.domain.refusals import Stale
from core.ports import UnitOfWork, Work
from tests.builders import (
    NOW,
    OUTSIDE,
    WORKSPACE,
    a_connection,
    a_decision,
    a_delivery,
    a_fact,
    a_post,
    a_post_message,
    an_account,
    an_evidence,
    an_invitation,
)
from tests.contract.stored import given, ids

ADDRESS = "https://www.tiktok.com/@nordlicht.bakery/video/7"
MONTH = timedelta(days=30)


def a_sender(connection: Connection, handle: str, account_id: str = "1") -> Sender:
    return Sender(
        platform=connection.platform,
        connection_id=connection.id,
        account_id=account_id,
        handle=handle,
        name=handle,
    )


async def addresses(unit: UnitOfWork, post: Post) -> list[str]:
    deliveries = await unit.deliveries.of_post(WORKSPACE, post.id)
    return [
        *(each.permalink for each in deliveries),
        *(each.permalink for each in await unit.chronicle.of_post(WORKSPACE, post.id)),
    ]


async def accounts(unit: UnitOfWork, *deliveries: Delivery) -> list[str]:
    found = [await unit.deliveries.get(WORKSPACE, each.id) for each in deliveries]
    return [each.account_id for each in found if each]


async def test_an_accounts_ids_and_names_go_out_of_what_was_posted_there(
    work: Work, client: Client, connection: Connection
) -> None:
    other = a_connection(client, platform=Platform.INSTAGRAM)
    senders = (a_sender(connection, "nordlicht.bakery"), a_sender(other, "nordlicht"))
    post = a_post(client, noted=Noted(at=NOW, senders=senders))
    published: dict[str, Any] = {"step": DeliveryStep.PUBLISHED, "permalink": ADDRESS, "due_at": None}
    published |= {"account_id": "1"}
    ours, others = [replace(a_delivery(post, each), **published) for each in (connection, other)]
    await given(work, other, post, ours, others)
    async with work.writing() as unit:
        for each in (ours, others):
            if entry := passage_of(None, each, at=NOW):
                await unit.chronicle.add(entry)
        await unit.forget_names(OUTSIDE, connection.id)
        assert await addresses(unit, post) == [ADDRESS] * 4
        await unit.forget_names(WORKSPACE, connection.id)
        assert await addresses(unit, post) == ["", ADDRESS, "", ADDRESS]
        assert await accounts(unit, ours, others) == [FORGOTTEN, "1"]
        kept = await unit.posts.get(WORKSPACE, post.id)
        assert kept
        assert kept.noted
        assert kept.noted.senders == (a_sender(connection, "", FORGOTTEN), senders[1])
        assert (kept.digest, kept.version) == (post.digest, 2)
        with pytest.raises(Stale):
            await unit.deliveries.save(replace(ours, version=1))


async def test_the_history_of_a_connection_is_kept_without_its_accounts_handle(
    work: Work, connection: Connection
) -> None:
    seen = an_evidence(connection, observation=Observation(handle="nordlicht.bakery"))
    async with work.writing() as unit:
        await unit.evidence.add(seen)
        await unit.forget_names(WORKSPACE, connection.id)
        kept = replace(seen, observation=Observation())
        assert await unit.evidence.of_connection(WORKSPACE, connection.id, limit=5) == [kept]


async def test_news_of_a_connection_is_kept_without_its_accounts_names(
    work: Work, connection: Connection
) -> None:
    asked = an_invitation(connection, found=an_account(handle="nordlicht.bakery"))
    names, rest = {"handle": "nordlicht.bakery", "name": "Nordlicht"}, {"outcome": "linked"}
    told = [a_fact(subject=asked.id, details={**names, **rest}), a_fact(details={**names, **rest})]
    await given(work, asked)
    async with work.writing() as unit:
        await unit.facts.add(*told)
        await unit.forget_names(WORKSPACE, connection.id)
        kept = await unit.facts.untold(NOW, owner="a", until=NOW + MONTH, limit=9)
        assert {each.id: each.details for each in kept} == {
            told[0].id: {"handle": "", "name": "", **rest},
            told[1].id: told[1].details,
        }


async def test_another_workspace_takes_nothing_out_of_what_was_written(
    work: Work, connection: Connection
) -> None:
    seen = an_evidence(connection, observation=Observation(handle="nordlicht.bakery"))
    asked = an_invitation(connection, found=an_account(handle="nordlicht.bakery"))
    told = a_fact(subject=connection.id, details={"handle": "nordlicht.bakery"})
    await given(work, asked)
    async with work.writing() as unit:
        await unit.evidence.add(seen)
        await unit.facts.add(told)
        await unit.forget_names(OUTSIDE, connection.id)
        assert await unit.evidence.of_connection(WORKSPACE, connection.id, limit=5) == [seen]
        assert await unit.invitations.by_id(asked.id) == replace(asked, version=1)
        (kept,) = await unit.facts.untold(NOW, owner="a", until=NOW + MONTH, limit=9)
        assert kept.details == told.details


async def test_settled_invitations_open_nothing_and_name_nobody_after_a_while(
    work: Work, client: Client, connection: Connection
) -> None:
    other = a_connection(client, platform=Platform.INSTAGRAM)
    stranger = an_account(handle="velo.fanpage")
    refused = an_invitation(connection).to(
        InvitationStep.REFUSED, at=NOW, outcome=LinkOutcome.WRONG_ACCOUNT, found=stranger
    )
    nameless = replace(
        an_invitation(connection).to(InvitationStep.REFUSED, at=NOW, found=stranger),
        response_url=None,
        token=None,
    )
    waiting = an_invitation(other)
    await given(work, other, refused, nameless, waiting)
    async with work.writing() as unit:
        assert await unit.tidy(NOW, limit=9) == 0
        assert await unit.tidy(NOW + MONTH, limit=1) == 1
        assert await unit.tidy(NOW + MONTH, limit=9) == 1
        for each in (refused, nameless):
            empty = replace(each, response_url=None, token=None, found=None, version=1)
            assert await unit.invitations.by_id(each.id) == empty
        assert await unit.invitations.by_id(waiting.id) == replace(waiting, version=1)


async def test_drafts_that_nobody_came_back_to_are_dropped(work: Work, client: Client) -> None:
    old = NOW - timedelta(days=91)
    abandoned = a_post(client, created_at=old - MONTH, edited_at=old)
    kept = [
        a_post(client, created_at=NOW - timedelta(days=89)),
        a_post(client, created_at=old, edited_at=NOW - timedelta(days=89)),
        a_post(client, created_at=old, requested_at=old),
        a_post(client, created_at=old, step=PostStep.REJECTED),
        decided := a_post(client, created_at=old),
    ]
    await given(work, client, abandoned, *kept)
    async with work.writing() as unit:
        await unit.post_messages.save(a_post_message(abandoned))
        await unit.posts.decide(a_decision(decided))
        assert await unit.tidy(NOW - MONTH, limit=9) == 1
        assert await unit.tidy(NOW - MONTH, limit=9) == 0
        await unit.commit()
    async with work.reading() as unit:
        left = await unit.posts.every(WORKSPACE, limit=9)
        assert sorted(ids(left)) == sorted(ids(kept))
        assert await unit.post_messages.of_post(WORKSPACE, abandoned.id) == []


async def test_home_is_kept_fresh_only_for_who_looks_at_it(work: Work) -> None:
    async with work.writing() as unit:
        for user, at in (("U1", NOW), ("U2", NOW), ("U3", NOW), ("U1", NOW + MONTH)):
            await unit.viewers.add(WORKSPACE, user, at)
        await unit.viewers.add(OUTSIDE, "U1", NOW)
        assert await unit.tidy(NOW + MONTH, limit=2) == 2
        assert await unit.tidy(NOW + MONTH, limit=2) == 1
        assert await unit.viewers.every(WORKSPACE) == ["U1"]
        assert await unit.viewers.every(OUTSIDE) == []


async def test_history_is_kept(work: Work, client: Client, connection: Connection) -> None:
    old = NOW - timedelta(days=900)
    post = a_post(client, created_at=old, requested_at=old, settled_at=old, step=PostStep.APPROVED)
    over = a_delivery(post, connection, step=DeliveryStep.PUBLISHED, stepped_at=old, due_at=None)
    await given(work, post, over)
    async with work.writing() as unit:
        await unit.posts.decide(a_decision(post, at=old))
        await unit.facts.add(told := a_fact(kind=FactKind.POST_CHANGED, subject=post.id, at=old))
        await unit.facts.untold(old, owner="a", until=old, limit=9)
        await unit.facts.told(told.id, at=old, owner="a")
        assert await unit.tidy(NOW - MONTH, limit=9) == 1, "news that was told"
        assert await unit.posts.get(WORKSPACE, post.id)
        assert len(await unit.posts.decisions(WORKSPACE, post.id)) == 1
        assert len(await unit.deliveries.of_post(WORKSPACE, post.id)) == 1
