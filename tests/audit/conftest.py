"""Acts to remember, and the chain as it is after a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from audit.models import Actor, AuditEntry, Receipt
from audit.services import record

if TYPE_CHECKING:
    from collections.abc import Callable

CLERK = Actor(user_id=3, name="Nguyễn Thị Mai", post_id=7, post="Văn thư", unit_id=2, unit="LĐLĐ tỉnh An Hòa")


def something(number: int = 1) -> Receipt:
    """Any row will do as a target: this room knows no others."""
    return Receipt(pk=number)


def chain_now() -> None:
    """What a commit does to the entries of the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def acts() -> Callable[..., list[AuditEntry]]:
    """`acts(3)` records three acts in one transaction each, or in the test's own."""

    def do(count: int = 1) -> list[AuditEntry]:
        entries = []
        for number in range(1, count + 1):
            with transaction.atomic():
                data = {"number": f"0{number}", "subject": "Đẩy mạnh xử lý văn bản"}
                touches = [something(100 + number)]
                entries.append(
                    record("audit.test.done", target=something(number), actor=CLERK, data=data, touches=touches)
                )
        if connection.in_atomic_block:
            chain_now()
        return entries

    return do
