"""Which of an account's ids Instagram takes: found out once, remembered for those asked for last."""

import pytest

from core.domain.errors import PlatformDown, Throttled
from core.providers.instagram.codes import UNKNOWN_NODE
from core.providers.instagram.nodes import REMEMBERED, Nodes


class Host:
    """Knows an account by one of its ids only."""

    def __init__(self, known: str) -> None:
        self.known = known
        self.asked: list[str] = []

    async def look(self, node: str) -> str:
        self.asked.append(node)
        if node != self.known:
            raise PlatformDown(UNKNOWN_NODE)
        return f"of {node}"


async def test_the_id_that_was_taken_is_asked_for_first_the_next_time():
    nodes, host = Nodes(), Host("app-2")
    for _ in range(2):
        assert await nodes.ask("user-1", {"app-2", "user-1"}, host.look) == "of app-2"
    assert host.asked == ["user-1", "app-2", "app-2"]
    assert nodes.name("user-1") == "app-2"


async def test_where_no_id_is_known_the_answer_is_the_same_as_in_an_outage():
    nodes, host = Nodes(), Host("another")
    with pytest.raises(PlatformDown):
        await nodes.ask("user-1", {"app-2"}, host.look)
    assert nodes.name("user-1") is None


async def test_what_is_not_about_the_id_is_raised_at_once():
    async def throttled(_node: str) -> None:
        raise Throttled("4")

    with pytest.raises(Throttled):
        await Nodes().ask("user-1", {"app-2"}, throttled)


async def test_however_many_accounts_there_are_a_bounded_number_is_remembered():
    nodes = Nodes()
    for number in range(REMEMBERED + 1):
        await nodes.ask(f"user-{number}", (), Host(f"user-{number}").look)
    assert nodes.name("user-0") is None
    assert [nodes.name(f"user-{each}") for each in (1, REMEMBERED)] == ["user-1", f"user-{REMEMBERED}"]
