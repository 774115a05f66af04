"""The people of the demo office as outside checks ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from core import clock
from core.symbols import normal_symbol
from demo.people import PEOPLE
from documents.models import Document
from documents.selectors import NOT_FOUND
from organizations.models import User
from organizations.selectors import posts_of

if TYPE_CHECKING:
    from organizations.models import Post

DIRECTIVE = "05/CT-TLĐ"


class DemoUser(TypedDict):
    """One person: sign-in name, main unit (code, name, tier), role codes of domain.md 13, and what they see."""

    user: str
    name: str
    unit: str
    unit_name: str
    tier: int
    roles: list[str]
    sees_directive: bool


def demo_users() -> list[DemoUser]:
    """List the people of the demo in the order of docs/demo.md; those not loaded are left out."""
    known = {user.username: user for user in User.objects.filter(username__in=[p.username for p in PEOPLE])}
    return [_row(known[person.username]) for person in PEOPLE if person.username in known]


def _row(user: User) -> DemoUser:
    posts: list[Post] = posts_of(user, clock.now())
    main = posts[0].unit if posts else None  # whoever has left the office is still listed
    papers = Document.objects.visible_to(user).filter(symbol_norm=normal_symbol(DIRECTIVE)).exclude(state__in=NOT_FOUND)
    return {
        "user": user.username,
        "name": user.full_name,
        "unit": main.code if main else "",
        "unit_name": main.name if main else "",
        "tier": main.tier if main else 0,
        "roles": list(dict.fromkeys(role for post in posts for role in post.roles)),
        "sees_directive": papers.exists(),
    }
