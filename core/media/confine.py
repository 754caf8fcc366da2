"""How the process that reads strangers' files is shut in. Each measure works alone; what a system lacks is left out."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

NOBODY = 65534
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_PARENT_DEATH, _NO_NEW_PRIVILEGES = 1, 38


def leave_network() -> bool:
    """Move into an empty network of our own, where nothing can be reached. False where the system won't."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_NETWORK | _NEW_USER))


def give_up_rights() -> None:
    """Stop being root, if we are, and never gain rights again."""
    if os.getuid() == 0:
        with suppress(OSError):
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def die_with_parent() -> None:
    """End when the process that started this one ends, however that ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)


def limit(*, memory: int, cpu_seconds: int, wall_seconds: float) -> None:
    """Bound this process for the one file it reads: memory, time, no new file, socket, thread, or core dump.

    What is open stays usable; nothing can be opened any more, by whatever a file talks the decoders into.
    """
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        with suppress(OSError, ValueError):
            hard = resource.getrlimit(what)[1]
            bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(what, (bound, bound))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)
