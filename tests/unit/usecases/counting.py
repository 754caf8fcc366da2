"""Storage that counts, and fails when told to."""

from contextlib import AbstractAsyncContextManager

from core.ports import UnitOfWork
from tests.fakes import MemoryWork


class CountingWork(MemoryWork):
    """Counts its writing units; `fails` has the next ones broken."""

    units = 0
    fails = 0

    def writing(self) -> AbstractAsyncContextManager[UnitOfWork]:
        self.units += 1
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        return super().writing()
