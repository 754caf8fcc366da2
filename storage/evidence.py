"""History as rows. Nothing here changes or removes one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from core.domain.account import Platform
from core.domain.evidence import Evidence, Source
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible, Wanted
from storage.connections import ids_on
from storage.tables import evidence
from storage.transaction import Transaction, Values


class SqlEvidence:
    """Keeps the EvidenceRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def add(self, seen: Evidence) -> None:
        await self._unit.add(evidence, _row(seen))

    async def of_connection(self, workspace: str, connection_id: str, *, limit: int) -> Sequence[Evidence]:
        return await self._newest(_of(workspace).where(evidence.c.connection_id == connection_id), limit)

    async def of_workspace(
        self, workspace: str, *, client_id: str | None, limit: int, platform: Platform | None = None
    ) -> Sequence[Evidence]:
        wanted = _of(workspace)
        if client_id is not None:
            wanted = wanted.where(evidence.c.client_id == client_id)
        if platform is not None:
            wanted = wanted.where(evidence.c.connection_id.in_(ids_on(workspace, platform)))
        return await self._newest(wanted, limit)

    async def _newest(self, statement: Select[Any], limit: int) -> Sequence[Evidence]:
        newest = statement.order_by(evidence.c.at.desc(), evidence.c.seq.desc()).limit(limit)
        return [_evidence(row) for row in await self._unit.all(newest)]


def _of(workspace: str) -> Select[Any]:
    return select(evidence).where(evidence.c.workspace == workspace)


def _row(seen: Evidence) -> dict[str, Any]:
    return {
        "id": seen.id,
        "workspace": seen.workspace,
        "client_id": seen.client_id,
        "connection_id": seen.connection_id,
        "source": seen.source,
        "at": seen.at,
        "noted_at": seen.noted_at,
        "observation": _observation_to_json(seen.observation),
        "note": seen.note,
        "code": seen.code,
        "log_id": seen.log_id,
        "said_by": seen.by,
        "state_before": seen.before,
        "state_after": seen.after,
    }


def _evidence(row: Values) -> Evidence:
    return Evidence(
        id=row["id"],
        workspace=row["workspace"],
        client_id=row["client_id"],
        connection_id=row["connection_id"],
        source=Source(row["source"]),
        at=row["at"],
        noted_at=row["noted_at"],
        observation=_observation_from_json(row["observation"]),
        note=row["note"],
        code=row["code"],
        log_id=row["log_id"],
        by=row["said_by"],
        before=row["state_before"],
        after=row["state_after"],
    )


_WORDS = {
    "credential": Credential,
    "grant": Grant,
    "visible": Visible,
    "account": Standing,
    "wanted": Wanted,
}


def _observation_to_json(seen: Observation) -> dict[str, Any]:
    """Return only the sides that were looked at."""
    sides = {name: getattr(seen, name) for name in (*_WORDS, "handle")}
    looked_at = {name: value for name, value in sides.items() if value is not None}
    return looked_at if seen.granted is None else {**looked_at, "granted": sorted(seen.granted)}


def _observation_from_json(stored: dict[str, Any]) -> Observation:
    sides: dict[str, Any] = {name: word(stored[name]) for name, word in _WORDS.items() if name in stored}
    if "granted" in stored:
        sides["granted"] = frozenset(Capability(each) for each in stored["granted"])
    return Observation(**sides, handle=stored.get("handle"))
