"""`crosslink manifest`: what to paste where Slack creates an app "from a manifest"."""

from typing import Annotated

import typer

from bot.commands import console
from bot.settings import variable
from bot.slack.manifest import manifest as made
from bot.slack.manifest import to_yaml


def manifest(
    *,
    socket: Annotated[
        bool | None, typer.Option("--socket/--http", help="Socket mode or HTTP; else as the settings say.")
    ] = None,
) -> None:
    """Print the manifest from which Slack makes the app, for the address in CROSSLINK_BASE_URL.

    Paste it at api.slack.com/apps → Create New App → From a manifest; later under App Manifest, after an upgrade.

    Examples:
      crosslink manifest
      crosslink manifest --socket
    """
    settings = console.settings()
    use_socket = settings.uses_socket if socket is None else socket
    if not use_socket and not settings.base_url.startswith("https://"):
        console.err.print(
            f"Slack takes https addresses only: set {variable('base_url')} first, or use --socket.",
            style="yellow",
            markup=False,
        )
    typer.echo(to_yaml(made(settings.base_url, socket=use_socket)), nl=False)
