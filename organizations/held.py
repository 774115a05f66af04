"""
Everything a person holds at a moment, in one statement that is written out.

Every page asks it. Put together by the ORM the same statement took longer to write than the database takes to answer.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model

from core import clock
from organizations.models import Post, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

Row = TypeVar("Row", bound=Model)
STATEMENT = """
WITH given AS (
    SELECT DISTINCT principal_id FROM organizations_delegation
    JOIN organizations_user AS principal ON principal.id = principal_id AND principal.is_active
    WHERE deputy_id = %(user)s AND valid_from <= %(at)s AND valid_to > %(at)s
        AND (revoked_at IS NULL OR revoked_at > %(at)s)
), persons AS (
    SELECT %(user)s::bigint AS id UNION SELECT principal_id FROM given
), in_force AS NOT MATERIALIZED (
    SELECT * FROM organizations_appointment WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
)
SELECT held.user_id,
    ARRAY(SELECT principal_id FROM given ORDER BY principal_id),
    (
        SELECT true FROM in_force AS headed
        JOIN organizations_post AS head ON head.id = headed.post_id AND NOT head.is_closed AND 'dept_head' = ANY (head.roles)
        JOIN organizations_user AS person ON person.id = headed.user_id AND person.is_active
        WHERE head.unit_id = unit.id LIMIT 1  -- EXISTS would be hashed: every head of the whole union for a handful of units
    ) IS NOT NULL,
    EXISTS (
        SELECT FROM organizations_post AS clerk JOIN organizations_unit AS seat ON seat.id = clerk.unit_id
        WHERE NOT clerk.is_closed AND 'clerk' = ANY (clerk.roles)
            AND coalesce(unit.organ_unit_id, unit.id) IN (seat.id, seat.organ_unit_id)
    ),
    (
        SELECT name FROM organizations_unitname AS named
        WHERE named.unit_id = unit.id AND named.valid_from <= %(today)s AND (named.valid_to IS NULL OR named.valid_to > %(today)s)
        ORDER BY named.valid_from DESC, named.id DESC LIMIT 1
    ),
    {columns}
FROM persons
JOIN in_force AS held ON held.user_id = persons.id
JOIN organizations_user AS holder ON holder.id = held.user_id AND holder.is_active
JOIN organizations_post AS post ON post.id = held.post_id AND NOT post.is_closed
JOIN organizations_unit AS unit ON unit.id = post.unit_id
LEFT JOIN organizations_unit AS organ ON organ.id = unit.organ_unit_id
ORDER BY held.is_primary DESC, post."order", post.id, held.id
"""


class Held(NamedTuple):
    """A post that somebody holds, `post.unit.organ` loaded; `principals` are all for whom the asked person acts."""

    user_id: int
    principals: list[int]
    has_head: bool
    has_clerk: bool
    post: Post


def held_by(user_id: int, at: datetime) -> Iterator[Held]:
    """What a person holds, themselves and as a deputy in force, the main post first."""
    facts: dict[str, Any] = {"user": user_id, "at": at, "day": clock.office_date(at), "today": clock.today()}
    with connection.cursor() as cursor:
        cursor.execute(_statement(), facts)
        for user, principals, has_head, has_clerk, name_today, *values in cursor.fetchall():
            yield Held(user, principals, has_head, has_clerk, _post(values, name_today))


def _post(values: list[Any], name_today: str | None) -> Post:
    posts, units = len(_names(Post)), len(_names(Unit))
    post, unit = _row(Post, values[:posts]), _row(Unit, values[posts : posts + units])
    if unit.organ_unit_id:
        unit.organ_unit = _row(Unit, values[posts + units :])
    unit.name_today = name_today
    post.unit = unit
    return post


@cache
def _statement() -> str:
    parts = (("post", Post), ("unit", Unit), ("organ", Unit))
    columns = [f'{part}."{column}"' for part, model in parts for column in _columns(model)]
    return STATEMENT.format(columns=", ".join(columns))


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001  # documented by Django


def _columns(model: type[Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]  # noqa: SLF001  # documented by Django


def _row(model: type[Row], values: list[Any]) -> Row:
    return model.from_db(connection.alias, _names(model), values)
