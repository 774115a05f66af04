"""The procedures on the wall, one file a version. A flow with rows is never renamed, moved or deleted."""
