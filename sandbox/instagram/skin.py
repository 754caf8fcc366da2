"""How Instagram's pages look and where they are."""

from sandbox.browser import Skin

SKIN = Skin(
    name="instagram",
    title="Instagram",
    home="/www.instagram.com",
    login_path="/www.instagram.com/accounts/login/",
    apps_path="/www.instagram.com/accounts/manage_access/",
    allow="Allow",
)
