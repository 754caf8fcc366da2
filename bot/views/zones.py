"""The world's time zones as a menu: groups of at most a hundred, as Slack wants them."""

from functools import cache
from zoneinfo import available_timezones

Option = tuple[str, str]
"""A label and an IANA name."""

_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
"""What people live in; the rest of the database is aliases and offsets."""
_GROUP = 100


@cache
def zone_groups() -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Return region → zones. A region with too many is dealt onto several groups, named by their ends."""
    by_region: dict[str, list[Option]] = {region: [] for region in _REGIONS}
    for zone in sorted(available_timezones()):
        region, _, _ = zone.partition("/")
        if region in by_region:
            by_region[region].append((label(zone), zone))
    groups: list[tuple[str, tuple[Option, ...]]] = [("UTC", (("UTC", "UTC"),))]
    for region, options in by_region.items():
        parts = [tuple(options[start : start + _GROUP]) for start in range(0, len(options), _GROUP)]
        alone = len(parts) == 1
        groups += [
            (region if alone else f"{region}, {part[0][0]} to {part[-1][0]}"[:75], part) for part in parts
        ]
    return tuple(groups)


def label(zone: str) -> str:
    """Return how a zone is read: its city first, where it has one."""
    *region, city = zone.replace("_", " ").split("/")
    return f"{city} ({'/'.join(region)})" if region else city
