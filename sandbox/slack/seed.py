"""The fixed start: one agency, one outside studio, four people, four channels."""

from sandbox.slack.app import BOT_USER
from sandbox.slack.workspace import Channel, Group, Person, Team, Workspace

AGENCY = "T0AGENCY"
OUTSIDE = "T0OUTSIDE"

_TEAMS = (Team(AGENCY, "Agency", "agency"), Team(OUTSIDE, "Outside Studio", "outside-studio"))

_PEOPLE = (
    ("U0REQUESTER", "requester", AGENCY, "Asks for posts", False),
    ("U0MANAGER", "manager", AGENCY, "Account manager", True),
    ("U0ONCALL", "on-call", AGENCY, "On call for broken links", False),
    ("U0OUTSIDER", "outsider", OUTSIDE, "Works for a client", False),
)

_STAFF = ("U0REQUESTER", "U0MANAGER", "U0ONCALL")

_CHANNELS = (
    ("C0GENERAL", "general", _STAFF, (), "Everybody; the app has not been invited here"),
    ("C0BAKERY", "nordlicht-bakery", (*_STAFF, BOT_USER), (), "Posts for Nordlicht Bakery"),
    ("C0VELO", "velo-werk", (*_STAFF, BOT_USER, "U0OUTSIDER"), (OUTSIDE,), "Posts for Velo Werk"),
    ("C0ALERTS", "on-call", (*_STAFF, BOT_USER), (), "Broken links"),
)


def seeded() -> Workspace:
    """A fresh workspace with everybody in place, the app's bot user in three channels of four."""
    workspace = Workspace()
    workspace.teams = {team.id: Team(team.id, team.name, team.domain) for team in _TEAMS}
    for ident, name, team, title, admin in _PEOPLE:
        workspace.people[ident] = Person(ident, name, team, title, is_admin=admin)
    for ident, name, members, shared, topic in _CHANNELS:
        workspace.channels[ident] = Channel(
            ident, name, AGENCY, list(members), shared_with=list(shared), topic=topic
        )
    workspace.groups["S0ONCALL"] = Group("S0ONCALL", AGENCY, "on-call-team", "On-call team", ["U0ONCALL"])
    return workspace
