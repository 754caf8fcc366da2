"""The corpus, made once for a run, and what probes and mends."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import av.logging
import pytest

from core.domain.media import Media
from core.media.local import LocalFile
from core.media.probe import IsolatedProbe
from tests.media.corpus import EVERY
from tests.media.films import make
from tests.media.workshop import Workshop

av.logging.set_level(None)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the corpus lies; a file is made when it is first asked for."""
    return tmp_path_factory.mktemp("corpus")


@pytest.fixture(scope="session")
def corpus(folder: Path) -> dict[str, Path]:
    """Every file of the corpus by its name."""
    for sample in EVERY:
        make(folder / sample.name, sample.film)
    return {sample.name: folder / sample.name for sample in EVERY}


@pytest.fixture(scope="session")
def probed(corpus: dict[str, Path]) -> dict[str, Media]:
    """What the probe says of every file of the corpus, each read by a limited child of its own."""
    return asyncio.run(_probe_all(corpus))


async def _probe_all(corpus: dict[str, Path]) -> dict[str, Media]:
    probe = IsolatedProbe()
    try:
        return {name: await _probe(probe, path) for name, path in corpus.items()}
    finally:
        probe.close()


async def _probe(probe: IsolatedProbe, path: Path) -> Media:
    with LocalFile(path) as source:
        return await probe.probe(source)


@pytest.fixture
def probe() -> Iterator[IsolatedProbe]:
    """A probe of this test's own."""
    own = IsolatedProbe()
    yield own
    own.close()


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """Where renditions of this test are made."""
    opened = Workshop(tmp_path / "store")
    yield opened
    opened.probe.close()
