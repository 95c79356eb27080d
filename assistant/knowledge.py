"""What the assistant knows: the catalogue, and the search over it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.settings import Settings, get_settings
from knowledge_base.overlay import Overlay
from knowledge_base.search import Searcher
from knowledge_base.store import Catalogue


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The catalogue with its search and local facts, loaded together so that they cannot differ."""

    catalogue: Catalogue
    searcher: Searcher
    overlay: Overlay

    @classmethod
    def load(cls, settings: Settings) -> Knowledge:
        """Loads both, with their caches in the data folder.

        Raises:
            CatalogueError: When the catalogue has no usable record.
        """
        cache = settings.data_dir / "cache"
        learned = settings.learned_release
        catalogue = Catalogue.load(settings.catalogue_folders, cache_dir=cache)
        searcher = Searcher.build(
            tuple(catalogue),
            index_dir=cache,
            encoder=settings.encoder,
            everyday=[] if learned is None else [learned.everyday],
        )
        return cls(catalogue, searcher, Overlay.load(settings.catalogue_folders))


@lru_cache(maxsize=1)
def get_knowledge() -> Knowledge:
    """Returns the knowledge of this process, loaded once."""
    return Knowledge.load(get_settings())
