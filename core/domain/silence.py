"""Whether a link that nobody can prove is in trouble of its own, or shares its platform's. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from core.domain.verdict import Reason

UNCONFIRMED = (Reason.PROOF_DUE, Reason.UNPROVED)
"""Reasons of silent links."""
ALONE_FOR = timedelta(days=7)
"""How long a link stays unproved before people hear of it, where few others say whose trouble it is."""
MOST = 1000
"""Silent links that are a platform's trouble, however many others it confirms: nobody wants so many alerts."""
TO_ONE = 4
"""Proved links for each silent one, at least, where the silent ones stand out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The links of one platform in all workspaces: how many were proved lately, and how many are due to be.

    Those that are broken, run out or end are neither.
    """

    proved: int = 0
    silent: int = 0

    def is_own(self, lasted: timedelta) -> bool:
        """True where a link that was silent for so long stands out: the platform confirms most others.

        After a week it is enough that it confirms any, or that there is no other. Where the platform itself is
        unwell, one alert for each link would say nothing that helps.
        """
        if lasted >= ALONE_FOR:
            return self.silent <= 1 or (self.proved > 0 and self.silent < MOST)
        return self.silent < MOST and self.silent <= max(1, self.proved // TO_ONE) and self.proved > 0
