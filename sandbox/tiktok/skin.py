"""How TikTok's pages look and where they are."""

from sandbox.browser import Skin

SKIN = Skin(
    name="tiktok",
    title="TikTok",
    home="/www.tiktok.com",
    login_path="/www.tiktok.com/login",
    apps_path="/www.tiktok.com/setting",
    allow="Continue",
)
