"""The agency's clients in a simulation, and how they come to be: over Slack's commands and the platforms' pages."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sandbox.journey import Journey

PLATFORMS = ("tiktok", "instagram")
STRANGER = "velo.fanpage"
"""The account that somebody is signed in to by mistake; the sandbox's seed has it on both platforms."""
MANAGER = "U0MANAGER"


@dataclass(frozen=True, slots=True)
class Brand:
    """One client of the agency: a channel and an account on both platforms."""

    number: int
    shows_link: bool

    @property
    def channel(self) -> str:
        return f"brand-{self.number:04}"

    @property
    def channel_id(self) -> str:
        return f"C0{self.channel.upper().replace('-', '')}"

    @property
    def handle(self) -> str:
        """The handle it has on both platforms in the beginning."""
        return f"brand.{self.number:04}"


@dataclass(frozen=True, slots=True)
class Link:
    """One half of a client's pair: what can break, and what is told about."""

    brand: Brand
    platform: str

    @property
    def title(self) -> str:
        """The platform as messages name it."""
        return {"tiktok": "TikTok", "instagram": "Instagram"}[self.platform]


def fleet(accounts: int, share_with_link: float = 0.25) -> list[Link]:
    """Return the links of as many accounts, two to a client. A share of the clients wants the profile link shown."""
    every = round(1 / share_with_link)
    brands = [Brand(number, shows_link=number % every == 0) for number in range((accounts + 1) // 2)]
    return [Link(brand, platform) for brand in brands for platform in PLATFORMS][:accounts]


async def sign_up(people: Journey, links: Sequence[Link]) -> None:
    """Open the channels and the accounts; those who want it show the other profile's address."""
    await people.call("POST", "switches/slack", {"rates": "off"})
    await people.call("POST", "slack/channels", {"names": sorted({link.brand.channel for link in links})})
    for platform in PLATFORMS:
        handles = [link.brand.handle for link in links if link.platform == platform]
        await people.call("POST", f"accounts/{platform}", {"handles": handles})
    for link in links:
        if link.brand.shows_link:
            await people.call("POST", f"accounts/{link.platform}/{link.brand.handle}", profile_link(link))


def profile_link(link: Link, handle: str = "") -> dict[str, str]:
    """The change that shows the other half's address (at `handle`, if it was renamed) in a profile."""
    handle = handle or link.brand.handle
    other = {
        "instagram": f"https://www.tiktok.com/@{handle}",
        "tiktok": f"https://www.instagram.com/{handle}/",
    }
    return {"bio_link": other[link.platform]}


async def set_up(people: Journey, links: Sequence[Link]) -> AsyncIterator[Link]:
    """Install the app, set every client up and link every account; yields each link when it stands."""
    await people.install()
    known: set[Brand] = set()
    for link in links:
        brand = link.brand
        if brand not in known:
            known.add(brand)
            await people.set_up("manager", brand.channel_id, _form(brand))
        page = await people.link("manager", brand.channel_id, link.platform, brand.handle)
        assert page.status == 200, page.text  # noqa: PLR2004 - HTTP's word for fine
        yield link


def _form(brand: Brand) -> dict[str, object]:
    return {
        "name": f"Brand {brand.number:04}",
        "tiktok": brand.handle,
        "instagram": brand.handle,
        "intent": "both" if brand.shows_link else "crosspost",
        "managers": [MANAGER],
        "oncall": ["U0ONCALL"],
        "time_zone": "Europe/Berlin",
    }
