"""Asking for a personal link, and deciding about an account that came back instead of the expected one."""

from collections.abc import Sequence

from bot.ids import Action, InvitationValue, LinkValue
from bot.listeners.attempts import attempt
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.blocks import Message
from bot.views.link_view import PersonalLink, decided_message, link_message
from core.domain.account import Platform
from core.usecases.arrival import LinkResult
from core.usecases.inviting import Asked


def register(table: Table) -> None:
    """Listen to the command, the buttons that ask for a link, and those that decide."""
    table.command("link", by_command)
    table.action(Action.LINK_OPEN_PAGE, opened)
    for action in (Action.LINK_START, Action.LINK_RELINK):
        table.action(action, by_button)
    table.action(Action.LINK_TRY_AGAIN, again)
    table.action(Action.LINK_ADOPT, adopt)
    table.action(Action.LINK_DECLINE, decline)


async def by_command(request: Request) -> None:
    """`/crosslink link [platform] [client]`"""
    named = target(request.text)
    client = await request.desk.clients.find(request.workspace, name=named.name, channel=request.channel)
    wish = LinkValue(client=client.id, platforms=named.platforms)
    await request.say(_told(request, await _invite(request, wish, replaceable=True)))


async def by_button(request: Request) -> None:
    """Link or Relink, beside the message that holds the button."""
    await request.say(_told(request, await _invite(request, request.read(LinkValue))))


async def again(request: Request) -> None:
    """Try Again, in place of the private message about the attempt before.

    One about an account that waited for a decision stays: it says by itself what became of that.
    """
    asked = await _invite(request, request.read(LinkValue))
    told = _told(request, asked)
    await (request.say(told) if any(each.let_go for each in asked) else request.answer(told))


async def opened(request: Request) -> None:
    """The private link was followed: its message is within reach for as long as this press says."""
    if request.is_private and request.response_url:
        wish = request.read(InvitationValue)
        await request.desk.linking.opened(request.person, wish.invitation, request.response_url)


async def _invite(request: Request, wish: LinkValue, *, replaceable: bool = False) -> Sequence[Asked]:
    """`replaceable`: the links will stand in the very message that this request's response address is about."""
    asked = await request.desk.linking.invite(
        request.person,
        wish.client,
        wish.platforms or tuple(Platform),
        channel=request.channel,
        response_url=request.response_url,
        replaceable=replaceable,
    )
    request.desk.wake()
    return asked


def _told(request: Request, asked: Sequence[Asked]) -> Message:
    links = [
        PersonalLink(
            invitation=each.invitation.id,
            platform=each.platform,
            url=request.desk.connect_url(each.token),
            relink=each.invitation.relink,
            expires_at=each.invitation.expires_at,
        )
        for each in asked
    ]
    return link_message(asked[0].client, links)


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
    await request.replace(decided_message(attempt(result), result.client, result.invitation))
