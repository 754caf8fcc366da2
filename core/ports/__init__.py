"""What the use cases ask of the world. The first word of each docstring is the effect.

Reads: retry freely. Repeats safely: doing it twice is doing it once. Once: irreversible, never blindly again.
"""

from core.ports.clock import Clock
from core.ports.media import Held, Kept, MediaOrigin, MediaProbe, MediaSource, MediaStore, Renditions
from core.ports.people import Directory, Messenger, Queue, Waiting
from core.ports.platforms import Permission, Provider, Providers, Traits
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
    "AlarmRepository",
    "ClientRepository",
    "Clock",
    "ConnectionRepository",
    "CredentialRepository",
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
    "MediaOrigin",
    "MediaProbe",
    "MediaSource",
    "MediaStore",
    "Messenger",
    "NoticeRepository",
    "Permission",
    "Provider",
    "Providers",
    "Queue",
    "Renditions",
    "Traits",
    "UnitOfWork",
    "Vault",
    "ViewerRepository",
    "Waiting",
    "Work",
]
