"""Values for tests: complete and lawful as they come, changed by name where a test cares."""

from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.oauth.installation_store import Installation

from core.domain.account import Account, Platform
from core.domain.client import Client, Intent, Person
from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.domain.delivery import Delivery
from core.domain.evidence import Evidence, Source
from core.domain.fact import Fact, FactKind
from core.domain.ids import fingerprint, new_id
from core.domain.incident import Incident
from core.domain.incident_message import IncidentMessage, Place
from core.domain.invitation import INVITATION_LIFE, STATE_LIFE, Invitation, OAuthState
from core.domain.media import Kind
from core.domain.observation import Capability, Grant, Observation
from core.domain.post import Content, Decision, DecisionKind, Form, Item, Post, Target, TikTokOptions
from core.domain.post_message import PostMessage
from core.domain.preflight import Music
from core.domain.secret import Secret
from core.domain.symptom import Condition
from core.domain.verdict import Reason
from core.domain.webhook import Notice, NoticeKind

NOW = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
"""The moment at which tests begin: a Monday morning, with microseconds so that nobody loses them."""
WORKSPACE, OUTSIDE = "T0AGENCY", "T0OUTSIDE"
EVERYTHING = frozenset(Capability)


def a_person(**changes: Any) -> Person:
    """Return the client's manager, or whoever `changes` makes of them."""
    return Person(**{"user": "U0MANAGER", "workspace": WORKSPACE, "home": WORKSPACE} | changes)


def a_client(**changes: Any) -> Client:
    """Return a client with a channel of its own; name and channel follow the id."""
    id_ = changes.get("id") or new_id("cl")
    given: dict[str, Any] = {
        "id": id_,
        "workspace": WORKSPACE,
        "name": f"Bakery {id_[-6:]}",
        "channel": f"C0{id_[-8:].upper()}",
        "intent": Intent.BOTH,
        "created_at": NOW,
        "managers": ("U0MANAGER",),
        "oncall": ("U0ONCALL", "S0ONCALL"),
        "expected": {Platform.TIKTOK: "nordlicht.bakery"},
        "time_zone": "Europe/Berlin",
    }
    return Client(**given | changes)


def an_account(platform: Platform = Platform.TIKTOK, **changes: Any) -> Account:
    """Return an account; its id follows the handle."""
    handle = changes.get("handle", "nordlicht.bakery")
    given: dict[str, Any] = {"platform": platform, "id": f"{platform}:{handle}", "handle": handle}
    return Account(**given | changes)


def credentials(**changes: Any) -> Credentials:
    """Return credentials of TikTok's kind: a day of access, a year of renewals."""
    issued = changes.get("issued_at", NOW)
    given: dict[str, Any] = {
        "access": Secret(f"act.{new_id('test')}"),
        "access_expires_at": issued + timedelta(days=1),
        "issued_at": issued,
        "refresh": Secret(f"rft.{new_id('test')}"),
        "refresh_expires_at": issued + timedelta(days=365),
        "scopes": frozenset({"user.info.basic", "video.publish"}),
    }
    return Credentials(**given | changes)


def a_connection(client: Client | None = None, **changes: Any) -> Connection:
    """Return a connection that was never linked, of this client where one is given."""
    platform = changes.get("platform", Platform.TIKTOK)
    given: dict[str, Any] = {
        "id": new_id("cn"),
        "workspace": client.workspace if client else WORKSPACE,
        "client_id": client.id if client else "cl_bakery",
        "platform": platform,
        "provider": str(platform),
        "created_at": NOW,
    }
    return Connection(**given | changes)


def a_linked_connection(client: Client | None = None, **changes: Any) -> Connection:
    """Return a connection whose both sides agree, linked and proved at `linked_at` (NOW)."""
    at = changes.pop("linked_at", NOW)
    held = changes.pop("credentials", None) or credentials(issued_at=at)
    account = changes.pop("account", None)
    connection = a_connection(client, **changes)
    seen = Observation(grant=Grant.PRESENT, granted=EVERYTHING)
    return connection.linked(account or an_account(connection.platform), held, seen, at)


def an_invitation(connection: Connection | None = None, **changes: Any) -> Invitation:
    """Return an open invitation to link a connection."""
    id_ = changes.get("id") or new_id("iv")
    created = changes.get("created_at", NOW)
    given: dict[str, Any] = {
        "id": id_,
        "workspace": connection.workspace if connection else WORKSPACE,
        "client_id": connection.client_id if connection else "cl_bakery",
        "connection_id": connection.id if connection else "cn_bakery",
        "platform": connection.platform if connection else Platform.TIKTOK,
        "person": "U0REQUESTER",
        "channel": "C0BAKERY",
        "token_hash": fingerprint(id_),
        "token": Secret(f"token-of-{id_}"),
        "slip": f"sl_{id_}",
        "created_at": created,
        "expires_at": created + INVITATION_LIFE,
        "response_url": Secret("https://hooks.slack.com/commands/T0AGENCY/1/abc"),
    }
    return Invitation(**given | changes)


def an_oauth_state(invitation: Invitation, **changes: Any) -> OAuthState:
    """Return an unused OAuth state of an invitation."""
    given: dict[str, Any] = {
        "state_hash": fingerprint(new_id("st")),
        "invitation_id": invitation.id,
        "browser_hash": fingerprint("browser"),
        "created_at": NOW,
        "expires_at": NOW + STATE_LIFE,
    }
    return OAuthState(**given | changes)


def an_evidence(connection: Connection, **changes: Any) -> Evidence:
    """Return one observation of a connection: its grant is there."""
    given: dict[str, Any] = {
        "id": new_id("ev"),
        "workspace": connection.workspace,
        "client_id": connection.client_id,
        "connection_id": connection.id,
        "source": Source.PROBE,
        "at": NOW,
        "noted_at": NOW,
        "observation": Observation(grant=Grant.PRESENT),
    }
    return Evidence(**given | changes)


def an_incident(client: Client | None = None, **changes: Any) -> Incident:
    """Return an open incident: the app was removed at the platform."""
    given: dict[str, Any] = {
        "id": new_id("ic"),
        "workspace": client.workspace if client else WORKSPACE,
        "client_id": client.id if client else "cl_bakery",
        "subject": "cn_tiktok",
        "condition": Condition.BROKEN,
        "reason": Reason.REMOVED_AT_PLATFORM,
        "since": NOW,
        "opened_at": NOW,
    }
    return Incident(**given | changes)


def an_incident_message(incident: Incident, **changes: Any) -> IncidentMessage:
    """Return an incident's place in the client's channel, where nothing was posted yet."""
    given: dict[str, Any] = {
        "id": new_id("im"),
        "workspace": incident.workspace,
        "incident_id": incident.id,
        "kind": Place.CHANNEL,
        "target": "C0BAKERY",
    }
    return IncidentMessage(**given | changes)


def an_item(**changes: Any) -> Item:
    """Return a video of the media store."""
    given: dict[str, Any] = {
        "sha256": fingerprint("bread.mp4"),
        "size": 5_000_000_000,
        "name": "bread.mp4",
        "kind": Kind.VIDEO,
        "seconds": 12.5,
    }
    return Item(**given | changes)


def a_content(**changes: Any) -> Content:
    """Return a video for both platforms, as soon as it is approved."""
    private = TikTokOptions(privacy="SELF_ONLY", consents=True)
    given: dict[str, Any] = {
        "items": (an_item(),),
        "caption": "Fresh bread #bakery",
        "targets": (Target(form=Form.TIKTOK_VIDEO, tiktok=private), Target(form=Form.REEL)),
        "music": Music.OWN,
    }
    return Content(**given | changes)


def a_post(client: Client | None = None, **changes: Any) -> Post:
    """Return the draft of a post."""
    given: dict[str, Any] = {
        "id": new_id("po"),
        "workspace": client.workspace if client else WORKSPACE,
        "client_id": client.id if client else "cl_bakery",
        "by": "U0REQUESTER",
        "created_at": NOW,
        "content": a_content(),
        "channel": client.channel if client else "C0BAKERY",
    }
    return Post(**given | changes)


def a_decision(post: Post, **changes: Any) -> Decision:
    """Return the manager's approval of a post as it is."""
    given: dict[str, Any] = {
        "id": new_id("de"),
        "workspace": post.workspace,
        "post_id": post.id,
        "digest": post.digest,
        "by": "U0MANAGER",
        "home": post.workspace,
        "kind": DecisionKind.APPROVED,
        "at": NOW,
        "channel": post.channel,
    }
    return Decision(**given | changes)


def a_post_message(post: Post, **changes: Any) -> PostMessage:
    """Return a post's place in the client's channel, where nothing was posted yet."""
    given: dict[str, Any] = {
        "id": new_id("pm"),
        "workspace": post.workspace,
        "post_id": post.id,
        "target": post.channel,
    }
    return PostMessage(**given | changes)


def a_delivery(post: Post, connection: Connection, **changes: Any) -> Delivery:
    """Return a post on its way to a connection, due at once."""
    given: dict[str, Any] = {
        "id": new_id("dl"),
        "workspace": post.workspace,
        "client_id": post.client_id,
        "post_id": post.id,
        "digest": post.digest,
        "connection_id": connection.id,
        "form": Form.TIKTOK_VIDEO if connection.platform is Platform.TIKTOK else Form.REEL,
        "created_at": NOW,
        "leave_at": NOW,
        "due_at": NOW,
    }
    return Delivery(**given | changes)


def a_fact(**changes: Any) -> Fact:
    """Return a piece of news about a connection."""
    given: dict[str, Any] = {
        "id": new_id("fa"),
        "kind": FactKind.CONNECTION_MOVED,
        "workspace": WORKSPACE,
        "at": NOW,
        "subject": "cn_bakery",
        "details": {"before": "authorized", "after": "expired"},
    }
    return Fact(**given | changes)


def a_notice(**changes: Any) -> Notice:
    """Return a platform's message that a grant was removed."""
    given: dict[str, Any] = {
        "id": new_id("no"),
        "platform": Platform.TIKTOK,
        "kind": NoticeKind.GRANT_REMOVED,
        "account_ids": frozenset({"tiktok:nordlicht.bakery"}),
        "at": NOW,
        "received_at": NOW,
    }
    return Notice(**given | changes)


def an_installation(**changes: Any) -> Installation:
    """Return Slack's answer to an installation in one workspace."""
    given: dict[str, Any] = {
        "app_id": "A0CROSSLINK",
        "team_id": "T0AGENCY",
        "team_name": "Agency",
        "user_id": "U0MANAGER",
        "bot_token": "xoxb-test-bot",
        "bot_id": "B0CROSSLINK",
        "bot_user_id": "U0CROSSLINK",
        "bot_scopes": ["chat:write", "commands"],
        "installed_at": NOW.timestamp(),
    }
    return Installation(**given | changes)
