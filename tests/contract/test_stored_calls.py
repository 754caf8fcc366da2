"""What `core.ports` promises of counted calls, held by every way of storing."""

from datetime import datetime, timedelta

from core.ports import Pace, Work
from tests.builders import NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def a_pace(most: int = 2, window: timedelta = MINUTE, endpoint: str = "init") -> Pace:
    return Pace(endpoint=endpoint, most=most, window=window)


async def spend(work: Work, at: datetime, *paces: Pace, account: str = "tiktok:1") -> datetime | None:
    async with work.writing() as unit:
        until = await unit.calls.spend(account, paces, at)
        await unit.commit()
    return until


async def test_calls_have_room_until_a_window_is_full(work: Work) -> None:
    pace, second = a_pace(), timedelta(seconds=1)
    assert await spend(work, NOW, pace) is None
    assert await spend(work, NOW + second, pace) is None
    assert await spend(work, NOW + 2 * second, pace) == NOW + MINUTE
    assert await spend(work, NOW + MINUTE - second, pace) == NOW + MINUTE, "what was refused is no call"
    assert await spend(work, NOW + MINUTE, pace) is None, "windows slide"
    assert await spend(work, NOW + MINUTE, pace) == NOW + MINUTE + second


async def test_calls_of_others_take_no_room(work: Work) -> None:
    pace = a_pace(1)
    assert await spend(work, NOW, pace) is None
    assert await spend(work, NOW, pace, account="tiktok:2") is None
    assert await spend(work, NOW, a_pace(1, endpoint="status")) is None
    assert await spend(work, NOW) is None, "what nobody limits"


async def test_calls_wait_for_all_windows_and_count_in_none_before(work: Work) -> None:
    short, long = a_pace(2), a_pace(3, DAY)
    for minute in range(3):
        assert await spend(work, NOW + minute * MINUTE, short, long) is None
    at = NOW + 5 * MINUTE
    other = a_pace(1, endpoint="status")
    assert await spend(work, at, other, short, long) == NOW + DAY
    assert await spend(work, at, other) is None, "nothing was counted"
    assert await spend(work, NOW + DAY, short, long) is None


async def test_calls_of_one_act_are_all_counted_or_none(work: Work) -> None:
    pace, minute = a_pace(5, DAY), timedelta(minutes=1)
    assert await spend(work, NOW, pace) is None
    assert await spend(work, NOW + minute, pace, pace, pace) is None
    assert await spend(work, NOW + 2 * minute, pace, pace) == NOW + DAY, "when the first one is let go of"
    assert await spend(work, NOW + 2 * minute, *[pace] * 3) == NOW + DAY + minute
    assert await spend(work, NOW + 2 * minute, pace) is None
    assert await spend(work, NOW + 3 * minute, *[pace] * 9) == NOW + DAY + 2 * minute
    assert await spend(work, NOW + DAY + 2 * minute, *[pace] * 9) is None, (
        "more than ever fits waits for an empty one"
    )


async def test_calls_of_several_accounts_are_counted_at_once(work: Work) -> None:
    pace, long = a_pace(1), a_pace(3, DAY, "drafts")
    assert await spend(work, NOW, pace, account="tiktok:1") is None
    wanted = {"tiktok:1": [pace], "tiktok:2": [pace, long], "tiktok:3": []}
    async with work.writing() as unit:
        until = await unit.calls.spend_every(wanted, NOW)
        await unit.commit()
    assert until == {"tiktok:1": NOW + MINUTE, "tiktok:2": None, "tiktok:3": None}
    assert await spend(work, NOW, pace, account="tiktok:2") == NOW + MINUTE
    assert await spend(work, NOW + MINUTE, pace, long, account="tiktok:1") is None, (
        "what had no room was not counted"
    )
