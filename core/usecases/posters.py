"""Pictures that stand for files, made once and kept."""

from contextlib import aclosing

from core.domain.media import Media
from core.domain.poster import poster
from core.domain.refusals import Refusal
from core.domain.rendition import Recipe
from core.ports import Clock, Held, Kept, MediaStore, Renditions


class Posters:
    """Makes posters of kept files. `renditions` works beside those that take long."""

    def __init__(self, *, renditions: Renditions, store: MediaStore, clock: Clock) -> None:
        self._renditions = renditions
        self._store = store
        self._clock = clock

    async def of(self, media: Media, kept: Kept | None) -> Kept | None:
        """Repeats safely: return a file's poster; None where it can't be shown: that is what findings are for."""
        recipe = poster(media) if kept is not None else None
        if recipe is None or kept is None:
            return None
        digest = recipe.digest(kept.sha256)
        if (known := await self._store.made(digest, at=self._clock.now())) is not None:
            return known
        try:
            with self._store.open(kept, name=media.name) as source:
                made = await self._made(Held(source=source, sha256=kept.sha256), recipe)
        except Refusal:
            return None
        await self._store.note(digest, made)
        return made

    async def _made(self, held: Held, recipe: Recipe) -> Kept:
        async with self._store.scratch() as file:
            async with aclosing(self._renditions.make(held.source, recipe, file)) as steps:
                async for _ in steps:
                    pass
            return await self._store.adopt(file, at=self._clock.now())
