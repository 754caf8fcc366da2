"""What people do in Slack, and the requests that the bot gets for it."""
