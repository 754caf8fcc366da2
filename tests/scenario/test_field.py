"""Some days of the field, small: films over limits, lost answers, links that drift; every accepted post comes out once."""

from core.domain.delivery import DeliveryStep
from tests.bench.field import Field


async def test_what_is_accepted_comes_out_once_and_what_is_over_a_limit_is_stopped_before():
    field = Field(posts=16, accounts=6, days=3, seed="3")
    await field.run(lambda _what, _done: None)
    counted = field.counted
    assert counted["films over a limit"] == counted["stopped by preflight"] > 0
    assert counted["fine films stopped"] == counted["over a limit and queued"] == 0
    assert counted["lost answers"] > 0
    assert field.figures.links_broken > 0
    steps = [each.step for each in field.ends.values()]
    assert len(steps) == len(field.accepted)
    # Where a link is broken when a post's time comes and goes, people are asked.
    assert set(steps) <= {DeliveryStep.PUBLISHED, DeliveryStep.MISSED}
    published = steps.count(DeliveryStep.PUBLISHED)
    assert len(field.public) == field.public.total() == published > steps.count(DeliveryStep.MISSED)
