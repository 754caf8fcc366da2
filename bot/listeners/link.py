"""Asking for a personal link, and deciding about an account that came back instead of the expected one."""

from bot.ids import Action, InvitationValue, LinkValue
from bot.listeners.attempts import attempt
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.link_view import PersonalLink, decided_message, link_message
from core.domain.account import Platform
from core.usecases.arrival import LinkResult


def register(table: Table) -> None:
    """Listen to the command, the buttons that ask for a link, and those that decide."""
    table.command("link", by_command)
    table.link(Action.LINK_OPEN_PAGE)
    for action in (Action.LINK_START, Action.LINK_RELINK, Action.LINK_TRY_AGAIN):
        table.action(action, by_button)
    table.action(Action.LINK_ADOPT, adopt)
    table.action(Action.LINK_DECLINE, decline)


async def by_command(request: Request) -> None:
    """`/crosslink link [platform] [client]`"""
    wish = target(request.text)
    client = await request.desk.clients.find(request.workspace, name=wish.name, channel=request.channel)
    await _invite(request, client.id, wish.platforms)


async def by_button(request: Request) -> None:
    """Link, Relink or Try Again."""
    wish = request.read(LinkValue)
    await _invite(request, wish.client, wish.platforms or tuple(Platform))


async def _invite(request: Request, client_id: str, platforms: tuple[Platform, ...]) -> None:
    desk = request.desk
    asked = await desk.linking.invite(
        request.person, client_id, platforms, channel=request.channel, response_url=request.response_url
    )
    links = [
        PersonalLink(
            platform=each.platform,
            url=desk.connect_url(each.token),
            relink=each.invitation.relink,
            expires_at=each.invitation.expires_at,
        )
        for each in asked
    ]
    await request.say(link_message(asked[0].client, links))
    desk.wake()


async def adopt(request: Request) -> None:
    """A manager takes the account that came."""
    wish = request.read(InvitationValue)
    await _decided(request, await request.desk.linking.adopt(request.person, wish.invitation))


async def decline(request: Request) -> None:
    """The account that came is let go."""
    wish = request.read(InvitationValue)
    await _decided(request, await request.desk.linking.decline(request.person, wish.invitation))


async def _decided(request: Request, result: LinkResult) -> None:
    request.desk.wake()
    now = request.desk.clock.now()
    await request.replace(decided_message(attempt(result), result.client, request.person.user, now))
