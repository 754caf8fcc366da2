"""Text for Slack: what people wrote is escaped, what is too long is cut where no markup breaks."""

from collections.abc import Iterable, Sequence

from core.domain.client import GROUP_PREFIX as GROUP_PREFIX

NAME_SHOWN = 80
_ENTITY_LONGEST = len("&amp;")


def esc(text: str) -> str:
    """Return what somebody typed as Slack text that shows exactly that and mentions nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def name(text: str) -> str:
    """Return somebody's name for a thing on one line, short enough for a sentence, not yet escaped."""
    return clip(" ".join(text.split()), NAME_SHOWN)


def bold(text: str) -> str:
    """Return a name in bold, escaped."""
    return f"*{esc(name(text)).replace('*', '∗')}*"


def handle(text: str | None) -> str:
    """Return a handle as people write it, not yet escaped; "" for none."""
    return f"@{name(text.removeprefix('@'))}" if text else ""


def mention(ids: Iterable[str]) -> str:
    """Return mentions of people and user groups, in Slack's markup."""
    return ", ".join(f"<!subteam^{each}>" if each.startswith(GROUP_PREFIX) else f"<@{each}>" for each in ids)


def clip(text: str, most: int) -> str:
    """Return plain text of at most `most` characters, with an ellipsis where something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def clip_markup(text: str, most: int) -> str:
    """Return Slack text of at most `most` characters, never cut inside `<…>` or `&…;`."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    entity = kept.rfind("&")
    if entity > kept.rfind(";") and len(kept) - entity < _ENTITY_LONGEST:
        kept = kept[:entity]
    return kept.rstrip() + "…"


def listed(items: Iterable[str], *, last: str = "and") -> str:
    """Return "a", "a and b", or "a, b and c"."""
    *first, final = list(items) or [""]
    return f"{', '.join(first)} {last} {final}" if first else final


def some(items: Sequence[str], count: int) -> str:
    """Return the first few of `count` things by name, and how many more there are: "a, b and 3 more"."""
    rest = count - len(items)
    return listed([*items, f"{rest} more"] if rest > 0 else items)
