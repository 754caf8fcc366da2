"""What listeners may call: the use cases, and where the connect page lives."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.compose_links import ComposeLinks
from bot.listeners.jobs import Jobs
from bot.listeners.shelf import Shelf
from bot.media_links import MediaLinks
from core.ports import Clock, Directory, Work
from core.usecases.absences import Absences
from core.usecases.alert_settings import AlertSettings
from core.usecases.approving import Approving
from core.usecases.clients import Clients
from core.usecases.composing import Composing
from core.usecases.deliveries import Deliveries
from core.usecases.history import History
from core.usecases.incidents import Incidents
from core.usecases.linking import Linking
from core.usecases.posts import Posts
from core.usecases.preflighting import Preflighting
from core.usecases.requesting import Requesting
from core.usecases.status import Status
from core.usecases.unlinking import Unlinking
from core.usecases.watching import Watching
from core.usecases.workspaces import Workspaces


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The use cases at hand. `wake` has the scheduler look at once, so that news is told without waiting."""

    clients: Clients
    linking: Linking
    watching: Watching
    unlinking: Unlinking
    status: Status
    history: History
    preflighting: Preflighting
    composing: Composing
    requesting: Requesting
    approving: Approving
    posts: Posts
    deliveries: Deliveries
    incidents: Incidents
    alert_settings: AlertSettings
    absences: Absences
    workspaces: Workspaces
    directory: Directory
    shelf: Shelf
    media_links: MediaLinks
    compose_links: ComposeLinks
    jobs: Jobs
    work: Work
    clock: Clock
    base_url: str
    wake: Callable[[], None]
    forget: Callable[[str], None]
    """Drops what this process remembers of a workspace's installation."""
