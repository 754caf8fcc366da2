"""News of posts: told to people, and written down for whoever asks later."""

from datetime import datetime

from core.domain.client import Client
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.post import Post, PostStep
from core.ports import UnitOfWork
from core.usecases.chronicle import note_change

REQUESTS_TOLD = 500


async def tell_post(unit: UnitOfWork, post: Post, change: str, by: str, at: datetime) -> None:
    """Write the news that people see something else of a post now, and that it happened."""
    await note_change(unit, post, change, by=by, at=at)
    await unit.facts.add(
        Fact(
            id=new_id("fa"),
            kind=FactKind.POST_CHANGED,
            workspace=post.workspace,
            at=at,
            client_id=post.client_id,
            subject=post.id,
            details={"change": change, "by": by},
        )
    )


async def tell_policy(unit: UnitOfWork, before: Client, after: Client, by: str, at: datetime) -> None:
    """Write, where it changed who decides, that a client's open requests wait for others now."""
    if _who_decides(before) == _who_decides(after):
        return
    asked = await unit.posts.every(
        after.workspace, client_id=after.id, steps={PostStep.REQUESTED}, limit=REQUESTS_TOLD
    )
    for post in asked:
        await tell_post(unit, post, "policy", by, at)


def _who_decides(client: Client) -> tuple[object, ...]:
    """Return what of a client's settings open requests follow; how long they wait was settled when they were made."""
    policy = client.policy
    return client.managers, policy.needed, policy.self_approval, policy.outsiders, policy.substitutes
