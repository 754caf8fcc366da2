"""The commands that the sandbox adds to `crosslink`: demo, sandbox and simulate."""

from typer.core import TyperGroup

from bot.commands.later import Later

PLAYING = "Play without any account"
COMMANDS = (
    Later(
        "demo",
        "Run the bot beside an emulated Slack, TikTok and Instagram.",
        "sandbox.playing:demo",
        panel=PLAYING,
    ),
    Later(
        "sandbox",
        "Run the emulators alone, for a bot in another process.",
        "sandbox.playing:sandbox",
        panel=PLAYING,
    ),
    Later(
        "simulate",
        "Play a fleet's year; say what broke, who was told, and when.",
        "sandbox.simulate.command:command",
        panel=PLAYING,
    ),
)


def register(group: TyperGroup) -> None:
    """Add the commands."""
    for each in COMMANDS:
        group.add_command(each)
