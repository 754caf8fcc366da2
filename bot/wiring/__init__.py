"""The only place that names adapters: settings in, a running bot out. Plain constructors, no container."""

from bot.wiring.mending import reads_media
from bot.wiring.process import build
from bot.wiring.upkeep import Desktop, Rotated, migrate, missing_files, new_key, reading, reseal, schema

__all__ = [
    "Desktop",
    "Rotated",
    "build",
    "migrate",
    "missing_files",
    "new_key",
    "reading",
    "reads_media",
    "reseal",
    "schema",
]
