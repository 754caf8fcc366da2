"""What the app may do in a workspace."""

SCOPES = ("chat:write", "commands", "files:read", "metadata.message:read", "usergroups:read", "users:read")
"""What the app asks for; the manifest says the same, and a test holds them equal to what is called."""
