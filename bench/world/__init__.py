"""Offices and rows that benches begin with."""
