"""People and apps on the emulated platforms: they consent, and the app spends what it gets."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from tests.unit.sandbox.site import Site


def callback(answer):
    """What the redirect to the app carries."""
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


@dataclass
class TikTok:
    site: Site
    authorize: str = "/www.tiktok.com/v2/auth/authorize/"

    @property
    def redirect(self):
        return f"{self.site.bot.url}/connect/tiktok/callback"

    def ask(self, **changed):
        asked = {
            "client_key": "sandbox-tiktok-key",
            "response_type": "code",
            "scope": "user.info.basic,video.publish",
            "redirect_uri": self.redirect,
            "state": "a-state",
            "disable_auto_auth": "1",
        }
        return {name: value for name, value in {**asked, **changed}.items() if value is not None}

    async def look(self, **changed):
        return await self.site.http.get(self.authorize, params=self.ask(**changed))

    async def decide(self, handle, decision="allow", scopes=(), **changed):
        form = {"account": handle, "decision": decision, "scopes": list(scopes)}
        return await self.site.http.post(self.authorize, params=self.ask(**changed), data=form)

    async def token(self, path="/v2/oauth/token/", **form):
        keys = {"client_key": "sandbox-tiktok-key", "client_secret": "sandbox-tiktok-secret"}
        body = {name: value for name, value in {**keys, **form}.items() if value is not None}
        return await self.site.http.post(f"/open.tiktokapis.com{path}", data=body)

    async def exchange(self, code, **form):
        wanted = {"grant_type": "authorization_code", "redirect_uri": self.redirect, "code": code, **form}
        return await self.token(**wanted)

    async def refresh(self, refresh_token):
        return await self.token(grant_type="refresh_token", refresh_token=refresh_token)

    async def revoke(self, access_token, **form):
        return await self.token(path="/v2/oauth/revoke/", token=access_token, **form)

    async def link(self, handle, scopes=(), **changed):
        """The tokens of a fresh consent."""
        code = callback(await self.decide(handle, scopes=scopes, **changed))["code"]
        return (await self.exchange(code)).json()

    async def user(self, access_token, fields="open_id"):
        params = {"fields": fields} if fields is not None else {}
        headers = {"Authorization": f"Bearer {access_token}"}
        return await self.site.http.get("/open.tiktokapis.com/v2/user/info/", params=params, headers=headers)

    async def creator(self, access_token):
        headers = {"Authorization": f"Bearer {access_token}"}
        path = "/open.tiktokapis.com/v2/post/publish/creator_info/query/"
        return await self.site.http.post(path, headers=headers)


@dataclass
class Instagram:
    site: Site
    authorize: str = "/www.instagram.com/oauth/authorize"

    @property
    def redirect(self):
        return f"{self.site.bot.url}/connect/instagram/callback"

    def ask(self, **changed):
        asked = {
            "client_id": "1000200030004000",
            "response_type": "code",
            "scope": "instagram_business_basic,instagram_business_content_publish",
            "redirect_uri": self.redirect,
            "state": "a-state",
        }
        return {name: value for name, value in {**asked, **changed}.items() if value is not None}

    async def look(self, **changed):
        return await self.site.http.get(self.authorize, params=self.ask(**changed))

    async def decide(self, handle, decision="allow", scopes=(), **changed):
        form = {"account": handle, "decision": decision, "scopes": list(scopes)}
        return await self.site.http.post(self.authorize, params=self.ask(**changed), data=form)

    async def exchange(self, code, **form):
        body = {
            "client_id": "1000200030004000",
            "client_secret": "sandbox-instagram-secret",
            "grant_type": "authorization_code",
            "redirect_uri": self.redirect,
            "code": code,
            **form,
        }
        kept = {name: value for name, value in body.items() if value is not None}
        return await self.site.http.post("/api.instagram.com/oauth/access_token", data=kept)

    async def short(self, handle, **decided):
        code = callback(await self.decide(handle, **decided))["code"]
        return (await self.exchange(code)).json()["access_token"]

    async def lengthen(self, short, **changed):
        params = {
            "grant_type": "ig_exchange_token",
            "client_secret": "sandbox-instagram-secret",
            "access_token": short,
            **changed,
        }
        return await self.site.http.get("/graph.instagram.com/access_token", params=params)

    async def link(self, handle, **decided):
        """The long-lived token of a fresh consent."""
        return (await self.lengthen(await self.short(handle, **decided))).json()["access_token"]

    async def refresh(self, token):
        params = {"grant_type": "ig_refresh_token", "access_token": token}
        return await self.site.http.get("/graph.instagram.com/refresh_access_token", params=params)

    async def graph(self, token, path="/me", method="GET", **params):
        headers = {"Authorization": f"Bearer {token}"}
        return await self.site.http.request(
            method, f"/graph.instagram.com{path}", params=params, headers=headers
        )

    async def limit(self, token):
        return await self.graph(token, "/me/content_publishing_limit", fields="quota_usage,config")
