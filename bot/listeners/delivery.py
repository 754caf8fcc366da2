"""What people do about a post on its way: cancel, send late or not at all, try again, say what became of it."""

from collections.abc import Awaitable, Callable

from bot.ids import Action, DeliveryValue
from bot.listeners import sentences
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.views.delivery_view import line
from core.domain.client import Person
from core.domain.delivery import Delivery

Act = Callable[[Person, str], Awaitable[Delivery]]


def register(table: Table) -> None:
    """Listen to the buttons of deliveries."""
    table.action(Action.DELIVERY_CANCEL, cancel)
    table.action(Action.DELIVERY_SEND, send)
    table.action(Action.DELIVERY_DROP, drop)
    table.action(Action.DELIVERY_AGAIN, again)
    table.action(Action.DELIVERY_THERE, there)
    table.action(Action.DELIVERY_ABSENT, absent)


async def cancel(request: Request) -> None:
    """Cancel, while it hasn't been asked for."""
    await _done(request, request.desk.deliveries.cancel)


async def send(request: Request) -> None:
    """Send Now what missed its time."""
    await _done(request, request.desk.deliveries.send_now)


async def drop(request: Request) -> None:
    """Drop what missed its time."""
    await _done(request, request.desk.deliveries.drop)


async def again(request: Request) -> None:
    """Try Again what was refused."""
    await _done(request, request.desk.deliveries.try_again)


async def there(request: Request) -> None:
    """It Is There."""
    await _settled(request, published=True)


async def absent(request: Request) -> None:
    """It Isn't There."""
    await _settled(request, published=False)


async def _settled(request: Request, *, published: bool) -> None:
    async def act(person: Person, delivery: str) -> Delivery:
        return await request.desk.deliveries.settle(person, delivery, published=published)

    await _done(request, act)


async def _done(request: Request, act: Act) -> None:
    """The request's message follows; in a modal there is none to follow, so it is said there."""
    delivery = await act(request.person, request.read(DeliveryValue).delivery)
    request.desk.wake()
    if request.modal:
        await request.say(sentences.told(line(delivery)))
