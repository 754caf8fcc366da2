"""What the pieces of one process share while they are put together."""

from dataclasses import dataclass

from bot.metrics import Metrics
from bot.runtime import Role
from bot.settings import Settings
from bot.slack.tasks import Tasks
from bot.wiring.adapters import Adapters
from core.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Opened, and not started."""

    settings: Settings
    role: Role
    clock: Clock
    owner: str
    adapters: Adapters
    metrics: Metrics
    tasks: Tasks
