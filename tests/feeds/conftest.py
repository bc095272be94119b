"""Fixtures of the feed tests: the same small warehouse as the conform tests'."""

from conform.conftest import feeds, world

__all__ = ["feeds", "world"]
