"""
A manager that refuses to read a protected row without saying for whom.

`objects.visible_to(person)` gives what a person may see; `objects.system(reason)` gives all rows to code that acts for the
office itself and says why. Everything else raises. The model keeps a plain manager for Django's own use
(`default_manager_name`), which a test keeps out of our code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

from django.db import models

if TYPE_CHECKING:
    from organizations.models import User

M = TypeVar("M", bound=models.Model)


class UnprotectedRead(Exception):  # named after the fact, as all our exceptions
    """Somebody asked a protected table for rows without naming a reader."""


class ProtectedManager(models.Manager[M], Generic[M]):
    """Rows of a model whose class says, in `visible_filter(user)`, which of them a person may see."""

    def visible_to(self, user: User) -> models.QuerySet[M]:
        """The rows that `user` may see now."""
        rows = super().get_queryset()
        if not user.is_active:
            return rows.none()
        return rows.filter(self.model.visible_filter(user))  # type: ignore[attr-defined]

    def system(self, reason: str) -> models.QuerySet[M]:
        """All rows, for the office itself; `reason` says why no person's rights apply."""
        if not reason:
            raise UnprotectedRead(self.model.__name__)
        return super().get_queryset()

    def get_queryset(self) -> NoReturn:
        raise UnprotectedRead(f"{self.model.__name__}.objects: use visible_to(person) or system(reason)")
