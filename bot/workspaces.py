"""What Slack's ids and error codes say about a workspace."""

GONE = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""The workspace no longer has us: nobody there can be told anything."""


def is_org(workspace: str) -> bool:
    """True for an id of a whole organisation: its people belong to several workspaces."""
    return workspace.startswith("E")
