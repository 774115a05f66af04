"""What this room keeps beside the index: searches of people, the table of abbreviations, what operators asked and found."""

from search.models.abbreviations import AbbreviationEntry
from search.models.saved import Digest, SavedHit, SavedSearch
from search.models.upkeep import IndexRequest, Verification

__all__ = ["AbbreviationEntry", "Digest", "IndexRequest", "SavedHit", "SavedSearch", "Verification"]
