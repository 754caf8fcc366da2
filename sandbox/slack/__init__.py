"""An emulated Slack: its Web API, its people, its install page, over the public wire protocol."""
