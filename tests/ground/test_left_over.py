"""The tests' own tidying: whose transaction is open when a test ends does not keep the next one from beginning."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from tests import left_over
from tests.left_over import end_open_transactions
from tests.processes import database_url


@pytest.mark.django_db(transaction=True)
class TestEndOpenTransactions:
    def test_ends_one_that_stays_and_tells_of_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(left_over, "PATIENCE_SECONDS", 0.0)
        other = psycopg.connect(database_url())
        other.execute("SELECT count(*) FROM documents_document")

        with pytest.warns(UserWarning, match="outlived its test.*documents_document"):
            end_open_transactions()

        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'; LOCK documents_document IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT 1")

    def test_waits_for_one_that_ends_by_itself(self) -> None:
        other = psycopg.connect(database_url())
        other.execute("SELECT 1")
        other.commit()

        end_open_transactions()

        assert other.execute("SELECT 2").fetchone() == (2,)
        other.close()
