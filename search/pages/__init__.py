"""Pages of this room beside the search itself."""
