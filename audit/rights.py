"""
Append-only by right: what the application's role may do with the memory of acts.

Migrations run as the owner of the tables, the application as another role (config.ground.database). Migrating ends with
`seal_tables`, so that neither the order of the two nor a database restored elsewhere leaves the memory open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004  # Django's name for it
from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps.config import AppConfig

APPLICATION_ROLE = "vanthu_app"
_SEAL = """
REVOKE ALL ON audit_auditentry, audit_audittouch, audit_auditlink, audit_audithead FROM {role};
GRANT SELECT, INSERT ON audit_auditentry, audit_audittouch TO {role};
GRANT SELECT ON audit_auditlink, audit_audithead TO {role};
GRANT USAGE ON SEQUENCE audit_auditentry_id_seq, audit_audittouch_id_seq TO {role};
"""
_MAY_CHANGE = """
SELECT bool_or(has_table_privilege(name, 'UPDATE') OR has_table_privilege(name, 'DELETE'))
FROM unnest(ARRAY['audit_auditentry', 'audit_audittouch', 'audit_auditlink', 'audit_audithead']) AS name
WHERE to_regclass(name) IS NOT NULL
"""


def seal_tables(role: str = APPLICATION_ROLE, using: str = "default") -> bool:
    """
    Leave `role` the right to add entries and to read the chain, nothing else.

    :returns: False where there is nothing to do: no such role, or it is the one that is connected and owns the tables
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role])
        if cursor.fetchone() is None:
            return False
        cursor.execute(_SEAL.format(role=connections[using].ops.quote_name(role)))
        return True


def seal_after_migrating(using: str, **_kwargs: Any) -> None:
    """Receiver of `post_migrate`."""
    seal_tables(using=using)


def warn_if_open(
    app_configs: Sequence[AppConfig] | None,  # Django's signature
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """The application complains when it could rewrite what it remembers; the owner's role, which migrates, may."""
    if settings.OWNS_TABLES:
        return []
    return [_warning(using) for using in databases or [] if _may_change(using)]


def _may_change(using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(_MAY_CHANGE)
        row = cursor.fetchone()
    return bool(row and row[0])


def _warning(using: str) -> Warning:
    return Warning(
        f"The role of the database {using!r} may change the audit chain.",
        hint="Let migrations run as the owner of the tables and the office as another role (docs/operations.md).",
        id="audit.W001",
    )
