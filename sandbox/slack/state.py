"""Everything that this Slack knows, in one place, made fresh for every start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import asked
from sandbox.emulator import World
from sandbox.slack.app import BOT_ID, BOT_USER, App, Installation
from sandbox.slack.bot import Bot
from sandbox.slack.events import Events
from sandbox.slack.feed import Feed
from sandbox.slack.files import Files
from sandbox.slack.limits import Limits
from sandbox.slack.messages import Messages
from sandbox.slack.seed import AGENCY, seeded
from sandbox.slack.sockets import Sockets
from sandbox.slack.tickets import Tickets
from sandbox.slack.windows import Windows
from sandbox.slack.workspace import Channel, Person, Workspace

SWITCHES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "rates": (
        ("lenient", "strict", "off"),
        "Slack allows short bursts that it doesn't document; strict allows none, off checks nothing.",
    ),
    "signature_time": (
        ("turned", "real"),
        "Sign requests to the bot at the turned clock's time, or (for a bot elsewhere) at the real one's.",
    ),
    "ephemerals": (
        ("shown", "lost"),
        "Show what an app tells one person alone, or lose it: Slack promises no delivery of ephemeral messages.",
    ),
    "metadata_events": (
        ("told", "late", "lost"),
        "Tell an app of the metadata in its own messages at once, ten minutes later, or never: undocumented.",
    ),
    "message_ceiling": (
        ("on", "off"),
        "Refuse messages of more than 13,200 characters of blocks (bolt-js #2509, undocumented).",
    ),
}


@dataclass(slots=True)
class Code:
    """An OAuth code: ten minutes, one use, for one redirect address."""

    team: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    expires: float
    used: bool = False


@dataclass(slots=True)
class State:
    """`switches` are the points on which Slack's behaviour is uncertain or wanted otherwise in a test."""

    world: World
    app: App = field(default_factory=App)
    workspace: Workspace = field(default_factory=seeded)
    feed: Feed = field(default_factory=Feed)
    installations: dict[str, Installation] = field(default_factory=dict)
    retired: dict[str, Installation] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    switches: dict[str, str] = field(
        default_factory=lambda: {name: SWITCHES[name][0][0] for name in SWITCHES}
    )
    app_token: str = field(init=False)
    messages: Messages = field(init=False)
    windows: Windows = field(init=False)
    tickets: Tickets = field(init=False)
    files: Files = field(init=False)
    limits: Limits = field(init=False)
    sockets: Sockets = field(init=False)
    bot: Bot = field(init=False)
    events: Events = field(init=False)

    def __post_init__(self) -> None:
        clock, mint = self.world.clock, self.world.mint
        self.app_token = mint.secret("xapp-1-A0CROSSLINK-", 64)
        self.messages = Messages(clock, mint, self.feed)
        self.windows = Windows(clock, mint, self.messages, self.feed)
        self.tickets = Tickets(clock, mint)
        self.files = Files(self.world, self.feed)
        self.limits = Limits(clock, self.switches)
        self.sockets = Sockets(self.world)
        self.bot = Bot(self.world, self.sockets, self.switches)
        self.events = Events(self.world, self.messages, self.bot, lambda: self.app.bot_events)

    def install(self, team: str, scopes: tuple[str, ...], installer: str) -> Installation:
        """Put the app into a team. A living installation keeps its token and gains the scopes, as Slack does."""
        living = self.installations.get(team)
        if living is not None:
            living.scopes = tuple(dict.fromkeys((*living.scopes, *scopes)))
            return living
        suffix = "" if team == AGENCY else team[2:]
        made = Installation(
            team, BOT_USER + suffix, BOT_ID + suffix, self.world.mint.slack_bot_token(), scopes, installer
        )
        self.installations[team] = made
        bot = Person(made.bot_user, self.app.name.lower(), team, self.app.name, is_bot=True)
        self.workspace.people[made.bot_user] = bot
        for person in self.workspace.people.values():
            if person.team == team and not person.is_bot and self.app.messages_tab:
                self.workspace.open_direct_message(made.bot_user, person)
        self.feed.tell("workspace")
        return made

    def retire(self, team: str, why: str) -> Installation | None:
        """Make the team's token useless; `why` is what the Web API will answer to it."""
        gone = self.installations.pop(team, None)
        if gone is None:
            return None
        gone.gone = why
        self.retired[gone.token] = gone
        self.feed.tell("workspace")
        return gone

    def by_token(self, token: str) -> Installation | None:
        """The installation of a bot token, living or retired."""
        for installation in self.installations.values():
            if installation.token == token:
                return installation
        return self.retired.get(token)

    def serving(self, channel: Channel) -> Installation | None:
        """The installation that acts in a channel: of the team that owns it, else of one that shares it."""
        for team in channel.teams:
            if team in self.installations:
                return self.installations[team]
        return None

    def turn(self, change: Mapping[str, Any]) -> None:
        """Set switches, all or none. Raises AskedError for an unknown name or value."""
        asked.only(change, SWITCHES)
        wanted = {name: asked.choice(change, name, SWITCHES[name][0]) for name in change}
        self.switches |= wanted
