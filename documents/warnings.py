"""What a person should look at on a paper that was read: one list, to which every check of what was read adds its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from documents.models import Document
    from organizations.models import User

    Check = Callable[[Document, User], Iterable["Warned"]]


@dataclass(frozen=True, slots=True)
class Warned:
    """`code` is for programs, `words` a translated sentence, `field` the name of the fact it is about, if it is about one."""

    code: str
    words: str
    field: str | None = None


_checks: list[Check] = []


def warns(check: Check) -> Check:
    """Add a check; it is asked for a paper that the person may see."""
    _checks.append(check)
    return check


def warnings_of(document: Document, user: User) -> list[Warned]:
    """Everything that the checks find, in their order."""
    return [warned for check in _checks for warned in check(document, user)]
