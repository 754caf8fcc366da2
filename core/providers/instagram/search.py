"""Which of an account's media a delivery became, where the answer to its publish was lost."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.domain.delivery import Ticket
from core.domain.post import Form
from core.ports import Cargo
from core.providers.instagram.shapes import Medium

LIFE = timedelta(hours=24)
"""How long a container can be published, and a story seen."""
AHEAD = timedelta(minutes=5)
"""How far Instagram's clock may be from ours."""

_TYPES = {Form.REEL: "VIDEO", Form.IMAGE: "IMAGE", Form.CAROUSEL: "CAROUSEL_ALBUM"}


def edge(cargo: Cargo) -> str:
    """Return where it would be listed."""
    return "stories" if cargo.target.form is Form.STORY else "media"


def matches(media: Iterable[Medium], cargo: Cargo, ticket: Ticket, *, now: datetime) -> tuple[Medium, ...]:
    """Return those that may be it: of its kind, with its caption, no older than its container."""
    born = (ticket.upload_until or now) - LIFE
    return tuple(
        each
        for each in media
        if each.at is not None
        and born - AHEAD <= each.at <= now + AHEAD
        and (
            cargo.target.form is Form.STORY
            or (each.media_type.upper() == _TYPES[cargo.target.form] and _same(each.caption, cargo.caption))
        )
    )


def _same(one: str, other: str) -> bool:
    """Instagram may trim what it is given."""
    return one.split() == other.split()
