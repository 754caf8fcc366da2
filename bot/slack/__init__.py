"""Slack's requests: verified, acknowledged, dispatched by a table of ids, answered in words."""
