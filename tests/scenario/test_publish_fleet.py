"""A fleet that is killed at random in bad weather: nothing twice, nothing lost, and of every end somebody is told."""

from pathlib import Path

import pytest

from tests.scenario.fleet import sailed

SENT, WORKERS, WAVES = 24, 3, 2
"""Few in the suite; `make bench ARGS=fleet` sends a thousand by four, wave after wave."""

pytestmark = pytest.mark.postgres


async def test_nothing_is_public_twice_and_nothing_is_lost(
    postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    report = await sailed(tmp_path, postgres_url, SENT, workers=WORKERS, waves=WAVES)
    with capsys.disabled():
        print(f"\n\n{report}\n")
    assert report.is_kept, report
