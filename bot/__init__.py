"""Speaks Slack, HTTP and the command line. Decides nothing."""
