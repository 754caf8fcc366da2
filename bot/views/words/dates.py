"""Dates in the reader's own time zone, and spans in words."""

from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_FEW_HOURS = timedelta(hours=48)


def day(at: datetime) -> str:
    """A day, as Slack shows it to each reader."""
    return _localized(at, "{date_short_pretty}", f"{at.day} {at:%b %Y}")


def moment(at: datetime) -> str:
    """A time and day, as Slack shows them to each reader; the day last, for Slack capitalises a leading one."""
    return _localized(at, "{time}, {date_short_pretty}", stamp(at))


def time_of_day(at: datetime) -> str:
    """A time of today, as Slack shows it to each reader."""
    return _localized(at, "{time}", f"{at:%H:%M} UTC")


def stamp(at: datetime) -> str:
    """A day and time without markup, for what is not Slack."""
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def _localized(at: datetime, shape: str, fallback: str) -> str:
    return f"<!date^{int(at.timestamp())}^{shape}|{fallback}>"


def ago(then: datetime, now: datetime) -> str:
    """How long ago: "just now", "5 minutes ago", "3 days ago"."""
    passed = now - then
    return "just now" if passed < _MINUTE else f"{span(passed)} ago"


def ahead(then: datetime, now: datetime) -> str:
    """How long until: "in 12 days", "in 5 hours", "now" when it is over."""
    left = then - now
    if left <= timedelta(0):
        return "now"
    return f"in {span(left)}"


def span(length: timedelta) -> str:
    """A length in its largest fitting unit."""
    if length < _HOUR:
        return _count(length // _MINUTE or 1, "minute")
    if length < _FEW_HOURS:
        return _count(length // _HOUR, "hour")
    return _count(length // _DAY, "day")


def length(passed: timedelta) -> str:
    """A length for the record, in its two largest units: "12 minutes", "1 hour 20 minutes", "3 days 4 hours"."""
    if passed < _HOUR:
        return span(passed)
    large, small = (_HOUR, _MINUTE) if passed < _DAY else (_DAY, _HOUR)
    names = ("hour", "minute") if passed < _DAY else ("day", "hour")
    rest = passed % large // small
    return " ".join([_count(passed // large, names[0]), *([_count(rest, names[1])] if rest else [])])


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
