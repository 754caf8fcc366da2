"""What has changed around a request since people were shown it: asked before a decision, not found out later. Pure."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.composing import Flaw
from core.domain.limits import Severity
from core.domain.post import Post, Remark, Sender
from core.domain.preflight import Finding

_MILD = frozenset({"time_past", "creator_unknown", "creator_capped"})
"""Flaws that an approver may accept: it goes out at once, or the account is asked again, or has room again, before."""
_NAME = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not as the request shows it. `blocks`: it can't go out like this."""

    code: str
    platform: Platform | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    blocks: bool = False
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """The question to an approver: a request and what has changed since it was made."""

    post: Post
    client: Client
    changes: tuple[Change, ...]

    @property
    def blocks(self) -> bool:
        """True where approving anyway is no answer."""
        return any(each.blocks for each in self.changes)

    @property
    def name(self) -> str:
        """The name of exactly this question, so that an answer is no answer to another one."""
        told = [
            (each.code, each.platform or "", each.finding.code if each.finding else "", *each.facts.items())
            for each in self.changes
        ]
        return hashlib.sha256(repr((self.post.digest, sorted(told, key=repr))).encode()).hexdigest()[:_NAME]


def changes(
    post: Post, flaws: Sequence[Flaw], remarks: Sequence[Remark], senders: Mapping[Platform, Sender]
) -> tuple[Change, ...]:
    """Return what is not as it was noted of a request, by what is known of it now."""
    return (*_swapped(post, senders), *map(_flawed, flaws), *_found(post, remarks))


def _swapped(post: Post, senders: Mapping[Platform, Sender]) -> Iterator[Change]:
    for before in post.noted.senders if post.noted else ():
        after = senders.get(before.platform)
        if after is not None and after.account_id != before.account_id:
            facts = {"before": before.handle, "after": after.handle}
            yield Change(code="account_swapped", platform=before.platform, facts=facts)


def _flawed(flaw: Flaw) -> Change:
    return Change(code=flaw.code, platform=flaw.platform, facts=flaw.facts, blocks=flaw.code not in _MILD)


def _found(post: Post, remarks: Sequence[Remark]) -> Iterator[Change]:
    known = {_key(each) for each in (post.noted.remarks if post.noted else ())}
    for each in remarks:
        if each.finding.severity is not Severity.QUESTION and _key(each) not in known:
            blocks = each.finding.severity is Severity.BLOCK
            yield Change(code="finding_new", platform=each.form.platform, blocks=blocks, finding=each.finding)


def _key(remark: Remark) -> tuple[object, ...]:
    return remark.form, remark.finding.code, remark.finding.severity, remark.finding.item
