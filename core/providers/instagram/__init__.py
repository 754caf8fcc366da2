"""Instagram over its official API with Instagram Login (graph.instagram.com)."""

from core.providers.instagram.app import InstagramApp as InstagramApp
from core.providers.instagram.provider import Instagram as Instagram
from core.providers.instagram.webhooks import read_signed_request as read_signed_request
from core.providers.instagram.webhooks import read_webhook as read_webhook
from core.providers.instagram.webhooks import subscription_challenge as subscription_challenge
