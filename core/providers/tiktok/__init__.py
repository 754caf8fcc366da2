"""TikTok over its official API: Login Kit for the web and the Content Posting API."""

from core.providers.tiktok.app import TikTokApp as TikTokApp
from core.providers.tiktok.provider import TikTok as TikTok
from core.providers.tiktok.webhooks import read_webhook as read_webhook
