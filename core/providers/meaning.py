"""What a platform's code amounts to: a row of an adapter's table."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.errors import NeedsPerson, Throttled, Trouble
from core.domain.observation import Observation


@dataclass(frozen=True, slots=True)
class Meaning:
    """A class of Trouble and, where a person is needed, what the code shows about the sides."""

    trouble: type[Trouble]
    observation: Observation | None = None

    def error(self, code: str, *, log_id: str = "", until: datetime | None = None) -> Trouble:
        """Return the error to raise. `until` counts only where the platform asks us to wait."""
        if issubclass(self.trouble, Throttled):
            return self.trouble(code, until=until, log_id=log_id)
        if issubclass(self.trouble, NeedsPerson):
            return self.trouble(code, self.observation, log_id=log_id)
        return self.trouble(code, log_id=log_id)
