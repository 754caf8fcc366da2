"""What Slack knows of the app: its credentials and its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

APP_ID = "A0CROSSLINK"
BOT_ID = "B0CROSSLINK"
BOT_USER = "U0CROSSLINK"
CLIENT_ID = "1000.2000"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - a fixed credential that opens only the sandbox
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 - the same
VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - Slack still sends it; nobody may trust it

BOT_SCOPES = (
    "chat:write",
    "commands",
    "files:read",
    "metadata.message:read",
    "usergroups:read",
    "users:read",
)
"""What the app's manifest asks for; more comes with `POST /_sandbox/slack/install {team, scopes}`."""

BOT_EVENTS = frozenset({"app_home_opened", "app_uninstalled", "message_metadata_posted", "tokens_revoked"})
ANY = "*"
"""Of a subscription to metadata: whichever app's."""


@dataclass(frozen=True, slots=True)
class Command:
    command: str
    description: str
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    name: str
    type: str
    callback_id: str


@dataclass(frozen=True, slots=True)
class App:
    """The part of the manifest that changes what Slack does. `from_manifest` reads Slack's own format."""

    name: str = "Crosslink"
    commands: tuple[Command, ...] = (
        Command(
            "/crosslink",
            "Link, check and repair your clients' accounts",
            "setup | link | status | diagnose | unlink | preflight | post | approvals | history | settings | help",
            should_escape=True,
        ),
    )
    shortcuts: tuple[Shortcut, ...] = (
        Shortcut("Preflight this video", "message", "preflight_video"),
        Shortcut("Cross-post this video", "message", "crosspost_video"),
    )
    bot_scopes: tuple[str, ...] = BOT_SCOPES
    bot_events: frozenset[str] = BOT_EVENTS
    metadata_subscriptions: frozenset[tuple[str, str]] = frozenset({(ANY, "crosslink_alert")})
    redirect_urls: tuple[str, ...] = ()
    home_tab: bool = True
    messages_tab: bool = True

    def hears_metadata(self, event_type: str) -> bool:
        """True where the manifest subscribes to such metadata in messages of this app's own."""
        return bool({(ANY, event_type), (APP_ID, event_type)} & self.metadata_subscriptions)

    def command(self, name: str) -> Command | None:
        return next((one for one in self.commands if one.command == name), None)


def from_manifest(manifest: Mapping[str, Any], before: App) -> App:
    """The app as a manifest describes it; parts that the manifest leaves out stay as they were."""
    features = manifest.get("features") or {}
    oauth = manifest.get("oauth_config") or {}
    events = (manifest.get("settings") or {}).get("event_subscriptions") or {}
    home = features.get("app_home") or {}
    app = replace(
        before,
        name=(manifest.get("display_information") or {}).get("name", before.name),
        redirect_urls=tuple(oauth.get("redirect_urls") or before.redirect_urls),
        home_tab=home.get("home_tab_enabled", before.home_tab),
        messages_tab=home.get("messages_tab_enabled", before.messages_tab),
    )
    if "slash_commands" in features:
        app = replace(app, commands=tuple(_command(row) for row in features["slash_commands"]))
    if "shortcuts" in features:
        app = replace(app, shortcuts=tuple(_shortcut(row) for row in features["shortcuts"]))
    if "bot" in (oauth.get("scopes") or {}):
        app = replace(app, bot_scopes=tuple(oauth["scopes"]["bot"]))
    if "bot_events" in events:
        app = replace(app, bot_events=frozenset(events["bot_events"]))
    if "metadata_subscriptions" in events:
        rows = [(row["app_id"], row["event_type"]) for row in events["metadata_subscriptions"]]
        app = replace(app, metadata_subscriptions=frozenset(rows))
    return app


def _command(row: Mapping[str, Any]) -> Command:
    return Command(
        row["command"],
        row.get("description", ""),
        row.get("usage_hint", ""),
        should_escape=bool(row.get("should_escape", False)),
    )


def _shortcut(row: Mapping[str, Any]) -> Shortcut:
    return Shortcut(row["name"], row["type"], row["callback_id"])


@dataclass(slots=True)
class Installation:
    """The app in one team. `gone` is why its token no longer works: an error code of the Web API."""

    team: str
    bot_user: str
    bot_id: str
    token: str
    scopes: tuple[str, ...]
    installer: str
    gone: str = ""
