"""Asking for a personal link, and deciding about an account that came back instead of the expected one."""

from bot.ids import Action, InvitationValue, LinkValue
from bot.listeners.attempts import attempt
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.blocks import Message
from bot.views.link_view import decided_message, slip_message
from bot.views.slip_parts import Reader, awaits_decision, parts_of
from core.domain.account import Platform
from core.domain.client import Client, Person
from core.domain.invitation import Invitation
from core.usecases.arrival import LinkResult
from core.usecases.clients import may_be_offered


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
    await _invite(request, wish, slip="")


async def by_button(request: Request) -> None:
    """Link or Relink, beside the message that holds the button."""
    await _invite(request, request.read(LinkValue), slip=None)


async def again(request: Request) -> None:
    """Try Again, in place of the private message about the attempt before, beside what else stands there.

    One about an account that waited for a decision stays: it says by itself what became of that.
    """
    wish = request.read(LinkValue)
    await _invite(request, wish, slip=(wish.slip or "") if request.is_private else None)


async def opened(request: Request) -> None:
    """The private link was followed: its message is within reach for as long as this press says."""
    if request.is_private and request.response_url:
        wish = request.read(InvitationValue)
        await request.desk.linking.opened(request.person, wish.invitation, request.response_url)


async def _invite(request: Request, wish: LinkValue, *, slip: str | None) -> None:
    """Show the slip with the links; older ones lose the buttons that these take the place of.

    `slip` as in `Linking.invite`.
    """
    desk = request.desk
    asked = await desk.linking.invite(
        request.person,
        wish.client,
        wish.platforms or tuple(Platform),
        channel=request.channel,
        response_url=request.response_url,
        slip=slip,
    )
    desk.wake()
    client, told = asked[0].client, await _slip(request, asked[0].client, asked[0].invitation)
    stays = any(each.let_go for each in asked) or not request.is_private or slip is None
    await (request.say(told) if stays else request.replace(told))
    former = {each.slip: each for every in asked for each in every.former if each.replaceable}
    for each in former.values():
        if each.response_url:
            await request.amend(each.response_url.reveal(), await _slip(request, client, each))


async def _slip(request: Request, client: Client, invitation: Invitation) -> Message:
    """Return the private message that holds an invitation as it is to be now, for whom it is."""
    desk, person = request.desk, Person(invitation.person, invitation.workspace, invitation.workspace)
    entries = await desk.linking.slip(invitation)
    may_adopt = awaits_decision(entries) and await may_be_offered(desk.directory, person, client)
    reader = Reader(base_url=desk.base_url, at=desk.clock.now(), may_adopt=may_adopt)
    return slip_message(client, parts_of(entries, reader), reader.at)


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
    client, invitation = result.client, result.invitation
    told = decided_message(attempt(result), client, invitation)
    await request.replace(await _slip(request, client, invitation) if request.is_private else told)
