"""Many at once: numbers follow commits, readers miss nothing, nobody waits for ever."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction

from audit import feed, receipts
from audit.models import Actor, AuditEntry, AuditLink, Receipt
from audit.services import record
from audit.verification import verify_chain
from organizations.models import Post, Unit
from tests.audit.conftest import CLERK, something
from tests.factories.organizations import make_unit

if TYPE_CHECKING:
    from collections.abc import Callable

WRITERS, ROUNDS = 6, 25


def run_together(work: Callable[[int], None], count: int = WRITERS) -> list[BaseException]:
    """Run `work(0)` … at once, each with a connection of its own; return what went wrong."""
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as error:  # noqa: BLE001  # a thread's error would be lost
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.django_db(transaction=True)
class TestManyWriters:
    @pytest.mark.parametrize("order", ["record last", "record first", "either"])
    def test_chain_stays_whole_and_nobody_is_deadlocked(self, order: str) -> None:
        """Foreign keys are checked at commit as well: writers that lock the parent row meet writers that refer to it."""
        unit = make_unit("TLD")
        before = feed.head()

        def write(number: int) -> None:
            chance = random.Random(number)  # noqa: S311  # repeatable, not secret
            for step in range(ROUNDS):
                first = order == "record first" or (order == "either" and chance.random() < 0.5)
                with transaction.atomic():
                    if first:
                        record("audit.test.done", target=unit, actor=CLERK)
                    if number % 2:
                        Unit.objects.select_for_update().get(pk=unit.pk)
                    else:
                        Post.objects.create(unit=unit, title=f"{number}-{step}", roles=[])
                    if not first:
                        record("audit.test.done", target=unit, actor=CLERK)

        assert run_together(write) == []
        assert feed.head() == before + WRITERS * ROUNDS
        assert verify_chain().violations == []

    def test_numbers_follow_commits_so_a_reader_that_remembers_one_number_misses_nothing(self) -> None:
        unit = make_unit("TLD")
        seen: list[int] = []
        done = threading.Event()

        def write(number: int) -> None:
            for _step in range(ROUNDS):
                with transaction.atomic():
                    record("audit.test.done", target=unit, actor=CLERK)
                    if number % 2:
                        chain_wait()
            finished.wait()
            done.set()

        def read() -> None:
            last = 0
            while True:
                is_over = done.is_set()
                found = feed.entries_after(last, limit=7)
                seen.extend(entry.n for entry in found)
                last = seen[-1] if seen else 0
                if is_over and not found:
                    return

        finished = threading.Barrier(WRITERS)

        assert run_together(lambda number: read() if number == WRITERS else write(number), WRITERS + 1) == []
        assert seen == list(range(1, feed.head() + 1))

    def test_verification_sees_one_moment_while_others_write(self) -> None:
        unit = make_unit("TLD")
        done = threading.Event()

        def work(number: int) -> None:
            if number == 0:
                while not done.is_set():
                    assert verify_chain().violations == []
                return
            for _step in range(60):
                with transaction.atomic():
                    record("audit.test.done", target=unit, actor=CLERK)
            done.set()

        assert run_together(work, 2) == []


def chain_wait() -> None:
    """Hold the transaction open a little, so that insertion and commit order differ."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.002)")


class TestFeed:
    @pytest.mark.django_db
    def test_gives_acts_with_all_their_rows_in_chain_order(self, acts: Callable[..., Any]) -> None:
        acts(4)

        found = feed.entries_after(1, limit=2)

        assert [entry.n for entry in found] == [2, 3]
        assert found[0].targets == ("audit.receipt:2", "audit.receipt:102")
        assert feed.head() == 4

    @pytest.mark.django_db
    def test_costs_two_queries_however_many_acts(
        self, acts: Callable[..., Any], django_assert_num_queries: Any
    ) -> None:
        acts(12)

        with django_assert_num_queries(2):
            assert len(feed.entries_after(0, limit=500)) == 12

    @pytest.mark.django_db
    def test_leaves_out_what_is_not_committed(self) -> None:
        record("audit.test.done", target=something(), actor=CLERK)

        assert feed.entries_after(0, limit=10) == []
        assert feed.head() == 0

    @pytest.mark.django_db(transaction=True)
    def test_is_announced_when_the_act_commits(self) -> None:
        params = connection.get_connection_params()
        known = {key: params[key] for key in ("dbname", "host", "port", "user", "password") if params.get(key)}
        with psycopg.connect(**known, autocommit=True) as listener:
            listener.execute(f"LISTEN {feed.CHANNEL}")

            with transaction.atomic():
                record("audit.test.done", target=something(), actor=CLERK)

            heard = [notice.payload for notice in listener.notifies(timeout=5, stop_after=1)]

        assert heard == [str(feed.head())]


class TestReceipts:
    @pytest.mark.django_db
    def test_belong_to_the_person_who_posted_the_form(self) -> None:
        key, other = uuid4(), Actor(user_id=4, name="Người khác")
        receipts.keep(key, CLERK, {"entry": 5})
        receipts.keep(key, other, {"entry": 6})

        assert receipts.find(key, CLERK) == {"entry": 5}
        assert receipts.find(key, other) == {"entry": 6}
        assert receipts.find(uuid4(), CLERK) is None

    @pytest.mark.django_db
    def test_are_not_kept_without_a_key_or_a_person(self) -> None:
        assert receipts.keep(None, CLERK, {"entry": 5}) == {"entry": 5}
        receipts.keep(uuid4(), Actor.system("job"), {})

        assert receipts.find(None, CLERK) is None
        assert not Receipt.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_make_one_act_of_a_form_posted_many_times_at_once(self) -> None:
        key, answers = uuid4(), []

        def post(_number: int) -> None:
            with transaction.atomic():
                answer = receipts.find(key, CLERK)
                if answer is None:
                    entry = record("audit.test.done", target=something(), actor=CLERK)
                    chain_wait()
                    answer = receipts.keep(key, CLERK, {"entry": entry.pk})
                answers.append(answer["entry"])

        assert run_together(post) == []
        assert len(answers) == WRITERS
        assert len(set(answers)) == 1
        assert AuditEntry.objects.count() == AuditLink.objects.count() == 1
