"""Finds the procedure among thousands that a citizen's question is about."""

from knowledge_base.search.searcher import Searcher
from knowledge_base.search.types import Candidate, Query, SearchResult

__all__ = ["Candidate", "Query", "SearchResult", "Searcher"]
