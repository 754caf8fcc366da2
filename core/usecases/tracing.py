"""All that happened to one post, as one story: what people did and decided, what became of each delivery."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.chronicle import Entry
from core.domain.client import Client
from core.domain.post import Decision, DecisionKind, Post
from core.ports import Work
from core.usecases.clients import known_client
from core.usecases.posts import known_post

_DECIDED = frozenset({"voted", *DecisionKind})
"""What a post's entry says after a decision: one that settled nothing yet, or what it settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A post and its events in the order in which they happened."""

    post: Post
    client: Client
    events: Sequence[Entry | Decision]


class Tracing:
    """Reads the story of a post; changes nothing."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def of(self, workspace: str, post_id: str) -> Trace:
        """Return the story of a post. Raises Refusal `post_unknown`."""
        async with self._work.reading() as unit:
            post = await known_post(unit, workspace, post_id)
            client = await known_client(unit, workspace, post.client_id)
            decisions = await unit.posts.decisions(workspace, post_id)
            entries = await unit.chronicle.of_post(workspace, post_id)
        return Trace(post=post, client=client, events=_told_once(entries, decisions))


def _told_once(entries: Sequence[Entry], decisions: Sequence[Decision]) -> Sequence[Entry | Decision]:
    """Return what is on record; a decision, which knows why and where, stands for the change that it made.

    A later change by the same person about the same content is another event: an earlier approval counted at last,
    because the policy had changed.
    """
    made = {(each.by, each.digest) for each in decisions}
    others = []
    for each in entries:
        if each.what in _DECIDED and (each.by, each.digest) in made:
            made.remove((each.by, each.digest))
        else:
            others.append(each)
    return sorted([*decisions, *others], key=lambda each: each.at)
