"""What the adapters make of points that nobody could say for sure and that a living link doesn't show."""

import pytest

from core.domain.account import Platform
from core.domain.errors import AccountUnfit, Passing, ScopeMissing, Throttled
from core.domain.observation import Capability
from core.domain.post import Form
from tests.builders import EVERYTHING
from tests.contract.provider_stages import emulated, linked
from tests.contract.publisher_stages import for_tiktok, publishing
from tests.unit.sandbox.films import jpeg

PUBLISHES = frozenset({Capability.IDENTIFY, Capability.PUBLISH})


@pytest.mark.parametrize("spelled", ["log_id", "logid"])
async def test_the_log_id_is_kept_however_it_is_spelled(spelled):
    async with emulated(Platform.TIKTOK) as stage:
        stage.switch(log_id_field=spelled)
        issued = await linked(stage)
        stage.fault("prove", what="throttle")
        with pytest.raises(Throttled) as caught:
            await stage.provider.prove(issued.credentials, needs=EVERYTHING)
    assert caught.value.log_id


@pytest.mark.parametrize("place", ["top_level", "post_info"])
@pytest.mark.parametrize("made_by_ai", [True, False])
async def test_pictures_are_labelled_wherever_the_label_counts(place, made_by_ai):
    async with publishing(Platform.TIKTOK) as at:
        at.stage.switch(photo_aigc=place)
        cargo = for_tiktok(
            1,
            form=Form.TIKTOK_PHOTO,
            urls=(at.shelf.put("a.jpg", jpeg()),),
            ai_generated=made_by_ai,
        )
        await at.delivered(cargo)
        assert [each["options"]["is_aigc"] for each in at.posts()] == [made_by_ai]


@pytest.mark.parametrize(
    ("answer", "refused", "seen"),
    [("IGApiException", AccountUnfit, AccountUnfit), ("10", ScopeMissing, Passing)],
)
async def test_a_personal_account_is_never_linked_and_never_called_removed(answer, refused, seen):
    async with emulated(Platform.INSTAGRAM) as stage:
        stage.switch(personal_account=answer)
        with pytest.raises(refused):
            await linked(stage, handle="velo.personal")
        issued = await linked(stage)
        stage.change(type="PERSONAL")
        with pytest.raises(seen) as caught:
            await stage.provider.prove(issued.credentials, needs=PUBLISHES)
        assert not getattr(caught.value, "observation", None)


async def test_a_full_app_says_nothing_about_the_link():
    async with emulated(Platform.TIKTOK) as stage:
        stage.switch(active_creators_a_day=0)
        issued = await linked(stage)
        proof = await stage.provider.prove(issued.credentials, needs=EVERYTHING)
    assert proof.granted == EVERYTHING
