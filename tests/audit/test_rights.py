# ruff: noqa: S608  # SQL of our own
"""The application's own role tries what it must not be able to do."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from audit.rights import APPLICATION_ROLE, seal_tables, warn_if_open
from audit.services import record
from audit.verification import verify_chain
from config.ground.paths import read_secrets
from tests.audit.conftest import CLERK, something

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = "(act, actor, target, data, at, salt, head, tail)"
VALUES = (
    """('audit.test.done', '{}', 'x:1', '{}', '2026-11-24T00:00:00Z', repeat('ab', 16),
    '{"act":"audit.test.done","actor":{},"at":"2026-11-24T00:00:00.000000Z","data":{},"n":',
    ',"on_behalf_of":null,"target":"x:1"}')"""
)  # fmt: skip


def connect_as_application() -> psycopg.Connection[Any]:
    """Where the tests own the server the role is made and taken on; on the private server it signs in as the office does."""
    facts = connection.get_connection_params() | {"dbname": connection.settings_dict["NAME"], "autocommit": True}
    known = {key: facts[key] for key in ("dbname", "host", "port", "user", "password", "autocommit") if facts.get(key)}
    if _is_superuser():
        with suppress(psycopg.errors.DuplicateObject), psycopg.connect(**known) as db:
            db.execute(f"CREATE ROLE {APPLICATION_ROLE} NOSUPERUSER LOGIN")
        db = psycopg.connect(**known)
        db.execute(f"SET SESSION AUTHORIZATION {APPLICATION_ROLE}")
        return db
    password = read_secrets(settings.VAR_DIR)[APPLICATION_ROLE]
    return psycopg.connect(**(known | {"user": APPLICATION_ROLE, "password": password}))


def _is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@pytest.fixture
def application(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with connect_as_application() as db:
        assert seal_tables() is True
        yield db


@pytest.fixture
def memory(application: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """The application in an office that remembers one act."""
    with transaction.atomic():
        record("audit.test.done", target=something(1), actor=CLERK, touches=[something(2)])
    return application


class TestTheApplication:
    def test_may_add_entries_that_the_database_chains(self, memory: psycopg.Connection[Any]) -> None:
        memory.execute(f"INSERT INTO audit_auditentry {COLUMNS} VALUES {VALUES}")

        assert memory.execute("SELECT max(n) FROM audit_auditlink").fetchone() == (2,)
        assert verify_chain().violations == []

    @pytest.mark.parametrize(
        "act",
        [
            "UPDATE audit_auditentry SET act = 'x'",
            "DELETE FROM audit_auditentry",
            "TRUNCATE audit_auditentry CASCADE",
            "UPDATE audit_auditlink SET n = 7",
            "DELETE FROM audit_auditlink",
            "TRUNCATE audit_auditlink",
            "INSERT INTO audit_auditlink (entry_id, n, prev, hash) VALUES (99, 2, 'x', 'x')",
            "INSERT INTO audit_auditlink (entry_id) SELECT id FROM audit_auditentry",
            "UPDATE audit_audithead SET n = 0",
            "DELETE FROM audit_audithead",
            "INSERT INTO audit_audithead (id, n, hash) VALUES (2, 0, 'x')",
            "UPDATE audit_audittouch SET target = 'x'",
            "DELETE FROM audit_audittouch",
            "ALTER TABLE audit_auditentry DISABLE TRIGGER audit_mark",
            "ALTER TABLE audit_auditlink DISABLE TRIGGER ALL",
            "DROP TRIGGER audit_chain ON audit_auditlink",
            "CREATE TRIGGER mine BEFORE INSERT ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_mark()",
            "CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "SET session_replication_role = replica",
            "ALTER TABLE audit_auditentry OWNER TO CURRENT_USER",
            "GRANT UPDATE ON audit_auditentry TO CURRENT_USER",
            "CREATE TEMP TABLE t (LIKE audit_audithead); CREATE RULE r AS ON UPDATE TO audit_audithead DO INSTEAD NOTHING",
        ],
    )
    def test_may_not(self, act: str, memory: psycopg.Connection[Any]) -> None:
        # A grant without the right to grant is only a warning: what counts is that nothing can be changed after it.
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.WrongObjectType)):
            memory.execute(f"{act}; UPDATE audit_auditentry SET act = 'x'")

        assert verify_chain().violations == []

    def test_is_not_fooled_by_tables_of_the_same_name(self, memory: psycopg.Connection[Any]) -> None:
        """The triggers run with the owner's rights, so they must not look into the caller's path."""
        memory.execute("CREATE TEMP TABLE audit_audithead (id bigint, n bigint, hash text)")
        memory.execute("CREATE TEMP TABLE audit_auditlink (entry_id bigint, n bigint, prev text, hash text)")
        memory.execute("SET search_path = pg_temp, public")

        memory.execute(f"INSERT INTO public.audit_auditentry {COLUMNS} VALUES {VALUES}")

        assert memory.execute("SELECT max(n) FROM public.audit_auditlink").fetchone() == (2,)
        assert memory.execute("SELECT count(*) FROM pg_temp.audit_auditlink").fetchone() == (0,)

    def test_is_found_out_when_it_files_an_act_under_other_rows(self, memory: psycopg.Connection[Any]) -> None:
        memory.execute("INSERT INTO audit_audittouch (entry_id, target) SELECT id, 'x:1' FROM audit_auditentry")

        assert verify_chain().violations == ["entry 1 is filed under other rows than it names"]

    def test_is_found_out_when_its_words_differ_from_its_columns(self, memory: psycopg.Connection[Any]) -> None:
        memory.execute(f"INSERT INTO audit_auditentry {COLUMNS} VALUES {VALUES.replace('audit.test.done', 'x', 1)}")

        assert verify_chain().violations == ["entry 2 was changed after it was written"]


class TestSealTables:
    def test_closes_what_was_opened(self, application: psycopg.Connection[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT UPDATE, DELETE ON audit_auditentry TO {APPLICATION_ROLE}")

        seal_tables()

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM audit_auditentry")

    def test_has_nothing_to_do_without_the_role(self, transactional_db: None) -> None:
        assert seal_tables("nobody_has_this_name") is False


class TestWarning:
    def test_is_given_to_an_office_that_owns_its_memory(self, transactional_db: None, settings: Any) -> None:
        settings.OWNS_TABLES = False

        assert [warning.id for warning in warn_if_open(None, databases=["default"])] == ["audit.W001"]

    def test_is_not_given_to_the_role_that_migrates(self, transactional_db: None, settings: Any) -> None:
        settings.OWNS_TABLES = True

        assert warn_if_open(None, databases=["default"]) == []
