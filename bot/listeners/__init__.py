"""What people do in Slack, one file per task: each decodes ids, calls one use case and answers."""
