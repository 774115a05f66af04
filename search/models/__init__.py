"""What this room keeps beside the index: what operators asked of it and found."""

from search.models.upkeep import IndexRequest, Verification

__all__ = ["IndexRequest", "Verification"]
