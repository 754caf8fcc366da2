"""What browsers and platforms reach over HTTP: Slack's requests, the connect pages, webhooks, health."""
