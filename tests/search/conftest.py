"""What the tests of this folder begin with."""

from tests.factories.fixtures import office

__all__ = ["office"]
