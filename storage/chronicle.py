"""What happened to posts, as rows. Nothing here changes or removes one."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import bindparam, insert, select

from core.domain.chronicle import Entry
from storage.post_tables import chronicle
from storage.transaction import Transaction

_NAMES = [each.name for each in fields(Entry)]
_INSERT = insert(chronicle)
_OF_POST = (
    select(*(chronicle.c[name] for name in _NAMES))
    .where(chronicle.c.workspace == bindparam("of"), chronicle.c.post_id == bindparam("post"))
    .order_by(chronicle.c.seq)
)


class SqlChronicle:
    """Keeps the ChronicleRepository port. `added` are the entries of this unit."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit
        self.added: list[Entry] = []

    async def add(self, *entries: Entry) -> None:
        if entries:
            rows = [{name: getattr(each, name) for name in _NAMES} for each in entries]
            await self._unit.write_every(_INSERT, rows)
            self.added += entries

    async def of_post(self, workspace: str, post_id: str) -> Sequence[Entry]:
        return [Entry(**row) for row in await self._unit.all(_OF_POST, of=workspace, post=post_id)]
