"""Personal addresses of the composer's page: whoever opens one acts as the person to whom Slack showed it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.signing import NoLink, Signer
from core.domain.client import Person
from core.ports import Clock

LIFE = timedelta(hours=2)
_PURPOSE = b"crosslink compose link 1"
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What an address opens: one post, for one person, for a while."""

    person: Person
    post_id: str
    expires_at: datetime


class ComposeLinks:
    """Makes and reads the addresses. They are shown in private places only."""

    def __init__(self, *, base_url: str, keys: Sequence[bytes], clock: Clock) -> None:
        self._base_url = base_url
        self._signer = Signer(keys, purpose=_PURPOSE, longest=_LONGEST)
        self._clock = clock

    def url(self, person: Person, post_id: str) -> str:
        """Return an address that opens a post for this person, for `LIFE`."""
        expires = int((self._clock.now() + LIFE).timestamp())
        told = json.dumps([person.workspace, person.home, person.user, post_id, expires])
        return f"{self._base_url}/compose/{self._signer.sign(told.encode())}"

    def read(self, token: str) -> Pass:
        """Return what an address opens. Raises NoLink."""
        workspace, home, user, post_id, expires = json.loads(self._signer.read(token))
        now = self._clock.now()
        expires_at = datetime.fromtimestamp(expires, now.tzinfo)
        if now >= expires_at:
            raise NoLink(is_over=True)
        person = Person(user=user, workspace=workspace, home=home)
        return Pass(person=person, post_id=post_id, expires_at=expires_at)
