"""Where the bot finds everything in the sandbox: its settings, by the names of its environment."""

from sandbox.instagram.accounts import APP_ID as INSTAGRAM_APP_ID
from sandbox.instagram.state import SECRETS as INSTAGRAM_SECRETS
from sandbox.instagram.state import VERIFY_TOKEN
from sandbox.slack.app import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from sandbox.tiktok.accounts import CLIENT_KEY
from sandbox.tiktok.state import CLIENT_SECRET as TIKTOK_SECRET


def environment(base_url: str, bot_url: str) -> dict[str, str]:
    """Return the `CROSSLINK_…` variables with which `crosslink run` uses the sandbox at `base_url`."""
    return {
        "CROSSLINK_BASE_URL": bot_url,
        "CROSSLINK_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "CROSSLINK_SLACK_CLIENT_ID": CLIENT_ID,
        "CROSSLINK_SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "CROSSLINK_SLACK_API_URL": f"{base_url}/slack.com/api/",
        "CROSSLINK_SLACK_AUTHORIZE_URL": f"{base_url}/slack.com/oauth/v2/authorize",
        "CROSSLINK_TIKTOK_CLIENT_KEY": CLIENT_KEY,
        "CROSSLINK_TIKTOK_CLIENT_SECRET": TIKTOK_SECRET,
        "CROSSLINK_TIKTOK_AUTH_URL": f"{base_url}/www.tiktok.com",
        "CROSSLINK_TIKTOK_API_URL": f"{base_url}/open.tiktokapis.com",
        "CROSSLINK_INSTAGRAM_APP_ID": INSTAGRAM_APP_ID,
        "CROSSLINK_INSTAGRAM_APP_SECRET": INSTAGRAM_SECRETS["instagram"],
        "CROSSLINK_INSTAGRAM_VERIFY_TOKEN": VERIFY_TOKEN,
        "CROSSLINK_INSTAGRAM_AUTH_URL": f"{base_url}/www.instagram.com",
        "CROSSLINK_INSTAGRAM_TOKEN_URL": f"{base_url}/api.instagram.com",
        "CROSSLINK_INSTAGRAM_GRAPH_URL": f"{base_url}/graph.instagram.com",
    }
