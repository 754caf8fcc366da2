"""What the use cases ask of the world. The first word of each docstring is the effect.

Reads: retry freely. Repeats safely: doing it twice is doing it once. Once: irreversible, never blindly again.
"""

from core.ports.clock import Clock
from core.ports.media import Held, Kept, MediaOrigin, MediaProbe, MediaSource, MediaStore, Renditions
from core.ports.people import Directory, Messenger, Queue, Waiting
from core.ports.platforms import Permission, Provider, Providers, Traits
from core.ports.posts import (
    CallRepository,
    ChronicleRepository,
    DeliveryRepository,
    PostMessageRepository,
    PostRepository,
)
from core.ports.publishing import (
    TICKET_GONE,
    Act,
    Allowance,
    Cargo,
    Look,
    Pace,
    Publisher,
    Publishers,
    Sight,
)
from core.ports.storage import (
    AlarmRepository,
    ClientRepository,
    ConnectionRepository,
    CredentialRepository,
    Duty,
    EvidenceRepository,
    FactRepository,
    IncidentMessageRepository,
    IncidentRepository,
    InstallationRepository,
    InvitationRepository,
    NoticeRepository,
    UnitOfWork,
    Vault,
    ViewerRepository,
    Work,
)

__all__ = [
    "TICKET_GONE",
    "Act",
    "AlarmRepository",
    "Allowance",
    "CallRepository",
    "Cargo",
    "ChronicleRepository",
    "ClientRepository",
    "Clock",
    "ConnectionRepository",
    "CredentialRepository",
    "DeliveryRepository",
    "Directory",
    "Duty",
    "EvidenceRepository",
    "FactRepository",
    "Held",
    "IncidentMessageRepository",
    "IncidentRepository",
    "InstallationRepository",
    "InvitationRepository",
    "Kept",
    "Look",
    "MediaOrigin",
    "MediaProbe",
    "MediaSource",
    "MediaStore",
    "Messenger",
    "NoticeRepository",
    "Pace",
    "Permission",
    "PostMessageRepository",
    "PostRepository",
    "Provider",
    "Providers",
    "Publisher",
    "Publishers",
    "Queue",
    "Renditions",
    "Sight",
    "Traits",
    "UnitOfWork",
    "Vault",
    "ViewerRepository",
    "Waiting",
    "Work",
]
