"""What `/crosslink help` says; also the answer to a bare command or a word we don't know."""

from difflib import get_close_matches

from bot.views import blocks
from bot.views.blocks import Message
from bot.views.text import clip, esc

COMMANDS: tuple[tuple[str, str], ...] = (
    ("setup", "set up this channel's client, or edit it"),
    ("link", "get your private link to connect both accounts, or `link tiktok`, `link instagram`"),
    (
        "status",
        "see whether this client's links work, or `status Nordlicht Bakery`, `status @handle`, `status all`",
    ),
    ("diagnose", "find out why a link is broken, or `diagnose instagram`"),
    ("unlink", "disconnect the accounts on both sides, or `unlink tiktok`"),
    ("preflight", "see what TikTok and Instagram will say to a video, and fix it, or `preflight https://…`"),
    ("post", "compose a post for both platforms, or `post https://…`, `post list`, `post list failed`"),
    ("approvals", "see which posts wait for your decision"),
    ("history", "see who did what and what the platforms said, or `history instagram`, `history all`"),
    ("settings", "see this client's people, handles and rules; change its alerts, quiet hours and digest"),
    ("help", "see this"),
)
"""Every subcommand that works, with an example; a test holds it equal to what the bot listens to."""

_WORD = 60


def _meant(unknown: str) -> str:
    """A word that was probably meant, as a question; nothing where none is near."""
    near = get_close_matches(unknown, [word for word, _ in COMMANDS], n=1)
    return f"Did you mean `/crosslink {near[0]}`? " if near else ""


def help_message(unknown: str = "") -> Message:
    """The subcommands with examples. `unknown` is a word that isn't one: it is echoed."""
    listing = "\n".join(f"• `/crosslink {word}` – {does}" for word, does in COMMANDS)
    intro = "Crosslink keeps your clients' TikTok and Instagram accounts linked, and posts to both once you approve."
    if unknown:
        intro = f"I don't know “{esc(clip(unknown, _WORD))}”. {_meant(unknown)}This is what I can do:"
    return blocks.message(
        intro,
        [
            blocks.section(intro),
            blocks.section(listing),
            blocks.context(
                "Start in a client's channel with `/crosslink setup`", "The Home tab shows all clients"
            ),
        ],
    )
