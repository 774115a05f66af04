from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy

from audit.canonical import around_number, compact, entry_hash, moment, normal
from audit.models import Actor, AuditEntry, AuditLink
from audit.selectors import entries_for
from audit.services import OutsideTransaction, record
from audit.verification import verify_chain
from organizations.models import Role
from tests.audit.conftest import CLERK, chain_now, something

if TYPE_CHECKING:
    from collections.abc import Callable


class TestRecord:
    @pytest.mark.django_db(transaction=True)
    def test_refuses_to_stand_outside_a_transaction(self) -> None:
        with pytest.raises(OutsideTransaction):
            record("audit.test.done", target=something(), actor=CLERK)

        assert not AuditEntry.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_is_chained_by_the_commit_and_by_nothing_before(self) -> None:
        with transaction.atomic():
            entry = record("audit.test.done", target=something(12), actor=CLERK, data={"number": "05"})
            assert not AuditLink.objects.exists()

        entry = AuditEntry.objects.select_related("link").get(pk=entry.pk)
        assert (entry.n, entry.target, entry.link.prev) == (1, "audit.receipt:12", "0" * 64)
        payload = f"{entry.head}1{entry.tail}"
        assert entry.hash == entry_hash("0" * 64, entry.salt, payload)
        assert json.loads(payload) == {
            "n": 1, "at": moment(entry.at), "act": "audit.test.done", "actor": CLERK.snapshot(),
            "on_behalf_of": None, "target": "audit.receipt:12", "data": {"number": "05"},
        }  # fmt: skip

    @pytest.mark.django_db(transaction=True)
    def test_leaves_nothing_when_the_act_is_rolled_back(self, acts: Callable[..., list[AuditEntry]]) -> None:
        acts(1)
        with transaction.atomic():
            record("audit.test.done", target=something(), actor=CLERK)
            transaction.set_rollback(True)

        acts(1)

        assert list(AuditLink.objects.order_by("n").values_list("n", flat=True)) == [1, 2]

    @pytest.mark.django_db
    def test_keeps_whom_a_deputy_acted_for(self) -> None:
        deputy = CLERK.for_principal(4, "Đỗ Văn Khánh")

        entry = record("audit.test.done", target=something(), actor=deputy)

        assert entry.on_behalf_of == {"user_id": 4, "name": "Đỗ Văn Khánh"}
        assert entry.actor["name"] == "Nguyễn Thị Mai"
        assert Actor.system("reader").snapshot()["channel"] == "job"

    @pytest.mark.django_db
    def test_names_each_touched_row_once_and_seals_the_names(self) -> None:
        entry = record(
            "audit.test.done", target=something(1), actor=CLERK, touches=[something(2), something(1), something(2)]
        )

        assert entry.data == {"touches": ["audit.receipt:2"]}
        assert [touch.target for touch in entry.touches.all()] == ["audit.receipt:2"]


class TestFacts:
    """What comes back from the database must give the text that was hashed."""

    CASES = (
        {"text": unicodedata.normalize("NFD", "Đẩy mạnh xử lý")},
        {"nul": "a\x00b", "bidi": "a\u202eb", "lone": "a\ud800b", "quote": '"\\/\n\t\u2028'},
        {"whole": 1e22, "tiny": 1e-7, "share": 0.1, "negative zero": -0.0, "large": 10**30},
        {2: "two", 10: "ten", True: "yes"},
        {"day": date(2026, 11, 24), "at": datetime(2026, 11, 24, 5, 10, 11, 42, tzinfo=UTC)},
        {"id": UUID(int=5), "sum": Decimal("1.50"), "role": Role.CLERK, "lazy": gettext_lazy("Save")},
        {"deep": [{"b": (1, 2), "a": {"ế": None}}], "set": {"b", "a"}},
    )

    @pytest.mark.django_db
    @pytest.mark.parametrize("data", CASES)
    def test_survive_the_database(self, data: dict[Any, Any]) -> None:
        record("audit.test.done", target=something(), actor=CLERK, data=data)
        chain_now()

        assert verify_chain().violations == []

    def test_are_the_same_after_being_made_normal_twice(self) -> None:
        for data in self.CASES:
            once = normal(data)

            assert compact(normal(once)) == compact(once)

    def test_refuse_what_json_does_not_know(self) -> None:
        with pytest.raises(ValueError, match="nan"):
            normal({"x": float("nan")})

    def test_stand_around_the_number_in_sorted_order(self) -> None:
        facts: dict[str, Any] = {"act": "a", "actor": {}, "at": "t", "data": {}, "on_behalf_of": None, "target": "x"}

        head, tail = around_number(facts)

        assert f"{head}7{tail}" == compact(facts | {"n": 7})


class TestEntriesFor:
    @pytest.mark.django_db
    def test_are_on_or_touching_the_row_newest_first(self, acts: Callable[..., list[AuditEntry]]) -> None:
        acts(3)
        record("audit.test.touched", target=something(9), actor=CLERK, touches=[something(2)])
        chain_now()

        found = entries_for(["audit.receipt:2"])

        assert [(entry.act, entry.n) for entry in found] == [("audit.test.touched", 4), ("audit.test.done", 2)]
        assert all(len(entry.hash) == 64 for entry in found)

    @pytest.mark.django_db
    def test_include_what_the_open_transaction_said(self) -> None:
        record("audit.test.done", target=something(2), actor=CLERK)

        entry = entries_for(["audit.receipt:2"]).get()

        assert (entry.n, entry.hash) == (None, "")
