"""users.*, usergroups.*, team.info: who works here."""

from sandbox.slack.api.conversations import paged
from sandbox.slack.api.dispatch import Method
from sandbox.slack.wire import Answer, Call, RefusedError
from sandbox.slack.workspace import EPOCH, Group, Person, person_json


def _knows(call: Call, person: Person) -> bool:
    """Everybody of the own team, and those from outside with whom the team shares a channel."""
    if person.team == call.caller.team:
        return True
    channels = call.state.workspace.channels.values()
    return any(call.caller.team in one.teams and person.id in one.members for one in channels)


def _shape(call: Call, person: Person) -> dict[str, object]:
    team = call.state.workspace.teams[person.team]
    shaped = person_json(person, team, email="users:read.email" in call.caller.scopes)
    return shaped if person.team == call.caller.team else {**shaped, "is_stranger": False}


async def info(call: Call) -> Answer:
    person = call.state.workspace.people.get(call.need("user"))
    if person is None:
        raise RefusedError("user_not_found")
    if not _knows(call, person):
        raise RefusedError("user_not_visible")
    return {"user": _shape(call, person)}


async def listing(call: Call) -> Answer:
    known = [_shape(call, one) for one in call.state.workspace.people.values() if _knows(call, one)]
    page, cursor = paged(call, known)
    stamp = int(call.state.world.clock.timestamp())
    return {"members": page, "cache_ts": stamp, "response_metadata": {"next_cursor": cursor}}


async def groups(call: Call) -> Answer:
    mine = [group for group in call.state.workspace.groups.values() if group.team == call.caller.team]
    with_users = call.flag("include_users")
    return {"usergroups": [_group(group, with_users=with_users) for group in mine]}


async def group_members(call: Call) -> Answer:
    group = call.state.workspace.groups.get(call.need("usergroup"))
    if group is None or group.team != call.caller.team:
        raise RefusedError("no_such_subteam")
    return {"users": list(group.members)}


async def team_info(call: Call) -> Answer:
    team = call.state.workspace.teams[call.caller.team]
    icon = {"image_default": True}
    shaped = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": icon}
    return {"team": {**shaped, "url": f"https://{team.domain}.slack.com/"}}


def _group(group: Group, *, with_users: bool) -> dict[str, object]:
    shaped: dict[str, object] = {
        "id": group.id,
        "team_id": group.team,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": EPOCH,
        "date_update": EPOCH,
        "date_delete": 0,
        "user_count": len(group.members),
    }
    return shaped | ({"users": list(group.members)} if with_users else {})


METHODS = (
    Method("users.info", info, "users:read", "Addresses only with users:read.email."),
    Method("users.list", listing, "users:read"),
    Method("usergroups.list", groups, "usergroups:read"),
    Method("usergroups.users.list", group_members, "usergroups:read"),
    Method("team.info", team_info, "team:read"),
)
