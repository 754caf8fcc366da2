"""One act of a delivery, with all that it needs."""

from dataclasses import dataclass

from core.domain.delivery import Delivery
from core.ports import Cargo, Publisher
from core.usecases.flight import Flight
from core.usecases.load import Load


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One act: whose delivery, what it needs, and the road to its platform."""

    flight: Flight
    load: Load
    cargo: Cargo
    publisher: Publisher

    @property
    def delivery(self) -> Delivery:
        """The delivery as last written."""
        return self.flight.delivery
