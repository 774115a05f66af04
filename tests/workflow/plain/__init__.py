"""Flows that only tests know: the engine as it comes, without our remedies, to see its dangers happen."""
