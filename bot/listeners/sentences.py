"""What the bot says about itself: that it is busy, that it isn't installed, that a window came too late."""

from bot.views.blocks import Message, message, section


def told(text: str) -> Message:
    """One sentence as a message. Slack text: whoever calls has escaped what people typed."""
    return message(text, [section(text)])


def busy() -> Message:
    """More is waiting than we could answer in time."""
    return told(
        "Crosslink has too much to do right now and didn't start on this. Please try again in a minute."
    )


def not_installed(base_url: str) -> Message:
    """The request came from a workspace that has no installation with us."""
    return told(
        "Crosslink isn't installed in this workspace any more, so it can't act here. "
        f"A workspace admin can install it again: <{base_url}/slack/install|install Crosslink>."
    )


def too_late() -> Message:
    """Slack lets us open a window only within three seconds of a press."""
    return told("That took too long for Slack to let a window open. Please try once more.")


def not_in_channel() -> Message:
    """Slack lets the bot post only where it was invited."""
    return told(
        "Crosslink isn't in that channel, so it can't post there. Type `/invite @Crosslink` in it first."
    )
