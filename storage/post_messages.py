"""Where in Slack posts are shown, as rows."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace

from sqlalchemy import select

from core.domain.post_message import PostMessage
from storage.post_tables import post_messages
from storage.transaction import Transaction, Values


class SqlPostMessages:
    """Keeps the PostMessageRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def get(self, workspace: str, post_id: str, target: str) -> PostMessage | None:
        found = await self.of_post(workspace, post_id)
        return next((each for each in found if each.target == target), None)

    async def of_post(self, workspace: str, post_id: str) -> Sequence[PostMessage]:
        of_it = (post_messages.c.workspace == workspace, post_messages.c.post_id == post_id)
        found = select(post_messages).where(*of_it).order_by(post_messages.c.seq)
        return [_message(row) for row in await self._unit.all(found)]

    async def save(self, message: PostMessage) -> PostMessage:
        return replace(message, version=await self._unit.save(post_messages, asdict(message)))


def _message(row: Values) -> PostMessage:
    return PostMessage(**{each.name: row[each.name] for each in fields(PostMessage)})
