"""What this room keeps beside the index: searches of people, and what operators asked of the index and found."""

from search.models.saved import Digest, SavedHit, SavedSearch
from search.models.upkeep import IndexRequest, Verification

__all__ = ["Digest", "IndexRequest", "SavedHit", "SavedSearch", "Verification"]
