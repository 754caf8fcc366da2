"""Teams, people, groups and channels: who is where, and who sees what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

EPOCH = 1_760_000_000
"""When everything seeded was created: a fixed moment, so that two starts look the same."""


@dataclass(slots=True)
class Team:
    id: str
    name: str
    domain: str


@dataclass(slots=True)
class Person:
    id: str
    name: str
    team: str
    title: str = ""
    tz: str = "Europe/Berlin"
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False

    @property
    def real_name(self) -> str:
        return self.name.replace("-", " ").title()


@dataclass(slots=True)
class Group:
    id: str
    team: str
    handle: str
    name: str
    members: list[str]


@dataclass(slots=True)
class Channel:
    """A channel, or with `partner` a direct message between that person and the app's bot user."""

    id: str
    name: str
    team: str
    members: list[str] = field(default_factory=list)
    shared_with: list[str] = field(default_factory=list)
    private: bool = False
    archived: bool = False
    partner: str = ""
    topic: str = ""

    @property
    def is_im(self) -> bool:
        return bool(self.partner)

    @property
    def teams(self) -> list[str]:
        return [self.team, *self.shared_with]


class UnknownError(LookupError):
    """No such person, channel, message … in this sandbox; the text is a sentence for a script's author."""


class Workspace:
    """Everybody and every place, with lookups by id or name."""

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {}
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.read_until: dict[tuple[str, str], str] = {}

    def person(self, named: str) -> Person:
        """By id or name, with or without @. Raises UnknownError."""
        wanted = named.strip().lstrip("@")
        for person in self.people.values():
            if wanted in {person.id, person.name}:
                return person
        known = ", ".join(person.name for person in self.people.values() if not person.is_bot)
        raise UnknownError(f"Nobody here is called {named!r}; known are {known}.")

    def channel(self, named: str, *, seen_by: Person | None = None) -> Channel:
        """By id or name, with or without #; `@crosslink` or `crosslink` is the person's direct message."""
        wanted = named.strip().lstrip("#@")
        for channel in self.channels.values():
            if wanted in {channel.id, channel.name} and not (channel.is_im and wanted == channel.name):
                return channel
        if seen_by is not None:
            for channel in self.channels.values():
                if channel.partner == seen_by.id and wanted in {channel.name, "crosslink", "dm"}:
                    return channel
        known = ", ".join(f"#{one.name}" for one in self.channels.values() if not one.is_im)
        raise UnknownError(f"There is no channel {named!r}; known are {known}.")

    def sees(self, person: str, channel: Channel) -> bool:
        """A person sees the channels they are in, and the open ones of their own team."""
        if channel.is_im or channel.private:
            return person in channel.members
        return person in channel.members or self.people[person].team == channel.team

    def seen_by(self, person: str) -> Iterable[Channel]:
        return (channel for channel in self.channels.values() if self.sees(person, channel))

    def direct_message(self, bot_user: str, person: str) -> Channel | None:
        for channel in self.channels.values():
            if channel.partner == person and bot_user in channel.members:
                return channel
        return None

    def open_direct_message(self, bot_user: str, person: Person) -> Channel:
        """The direct message between that bot user and the person, made when it is the first time."""
        found = self.direct_message(bot_user, person.id)
        if found is None:
            found = Channel(
                id=f"D0{person.id[2:]}" + ("" if bot_user == "U0CROSSLINK" else bot_user[-3:]),
                name="crosslink",
                team=person.team,
                members=[person.id, bot_user],
                partner=person.id,
            )
            self.channels[found.id] = found
        return found


def person_json(person: Person, team: Team, *, email: bool) -> dict[str, Any]:
    """A user as `users.info` shows it; the address only with the scope for it."""
    profile: dict[str, Any] = {
        "title": person.title,
        "real_name": person.real_name,
        "display_name": person.name,
        "real_name_normalized": person.real_name,
        "display_name_normalized": person.name,
        "team": person.team,
        "image_72": "",
    }
    if email and not person.is_bot:
        profile["email"] = f"{person.name}@{team.domain}.example"
    return {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": profile,
        "is_admin": person.is_admin,
        "is_owner": person.is_admin,
        "is_primary_owner": person.is_admin,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": EPOCH,
    }


def channel_json(channel: Channel, reader: str) -> dict[str, Any]:
    """A conversation as `conversations.info` shows it to that (bot) user."""
    if channel.is_im:
        return {
            "id": channel.id,
            "created": EPOCH,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": channel.team,
            "user": channel.partner,
            "is_user_deleted": False,
            "priority": 0,
        }
    shared = bool(channel.shared_with)
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "created": EPOCH,
        "creator": channel.members[0] if channel.members else "",
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "shared_team_ids": channel.teams,
        "context_team_id": channel.team,
        "is_member": reader in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }
