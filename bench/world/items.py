"""
Work items by the million: units, posts, people, papers, processes, tasks and items, as their services would leave them.

Set-based statements, because a million acts through the services take hours, and an inbox reads rows, not their history.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from audit.models import Actor
from core import clock
from organizations.models import Appointment, Post, User
from organizations.policies import holder_keys
from organizations.services import create_user, delegate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAKER = Actor.system("bench")
LONG_AGO = date(2020, 1, 1)
OWN_POSTS, PEOPLE, ITEMS_PER_PAPER = 9, 2000, 4

# A tree of two tiers; each unit has a leader's post, so the unit and the post are two holders.
OFFICES = """
INSERT INTO organizations_unit (id, path, depth, numchild, code, kind, tier, symbol, place, organ_id, valid_from)
SELECT n, CASE n WHEN 1 THEN '0001' ELSE '0001' || lpad(n::text, 4, '0') END, CASE n WHEN 1 THEN 1 ELSE 2 END,
    CASE n WHEN 1 THEN %(units)s - 1 ELSE 0 END, 'B' || n, 'WARD', 3, 'CĐP', 'An Hòa', '', DATE '2020-01-01'
FROM generate_series(1, %(units)s) AS n;
INSERT INTO organizations_unitname (unit_id, name, abbreviation, valid_from)
SELECT id, 'Công đoàn phường số ' || id, '', valid_from FROM organizations_unit;
INSERT INTO organizations_post (id, unit_id, title, roles, "order", is_closed)
SELECT id, id, 'Chủ tịch', ARRAY['leader'], 1, false FROM organizations_unit;
INSERT INTO organizations_user (password, is_superuser, username, full_name, name_key, email, language, is_active, date_joined)
SELECT '!', false, 'nguoi-' || n, 'Nguyễn Văn ' || n, '', '', 'vi', true, now() FROM generate_series(1, %(people)s) AS n
"""
PAPERS = """
INSERT INTO documents_document (
    id, owner_unit_id, created_by_id, created_at, state, read_state, read_reason, pages_total, pages_done, number, symbol,
    symbol_norm, issuer, parent_organ, issue_date, place, subject, signer, signer_title, urgency, level, version, confirmed_at
)
SELECT n, 1 + n %% %(units)s, %(person)s, now() - n * interval '1 minute', 'IN_FORCE', 'READ', '', 1 + n %% 12, 1 + n %% 12,
    n %% 4000 + 1, 'KH-LĐLĐ', n || '/kh-ldld', 'Liên đoàn Lao động tỉnh An Hòa', '', DATE '2026-01-01' + n %% 300, 'An Hòa',
    'Về việc tổ chức thực hiện kế hoạch số ' || n || ' chăm lo đời sống đoàn viên, người lao động trong các doanh nghiệp',
    'Nguyễn Văn An', 'Chủ tịch', CASE WHEN n %% 20 = 0 THEN n / 20 %% 4 ELSE 0 END, 0, 1, now()
FROM generate_series(0, %(papers)s) AS n;
INSERT INTO viewflow_process (id, flow_class, status, created, data)
SELECT id, 'workflow/flows.incoming_v1.IncomingV1', 'NEW', created_at, '{}' FROM documents_document;
INSERT INTO workflow_documentprocess (process_ptr_id, document_id, unit_id, flow_key, is_open, version)
SELECT id, id, owner_unit_id, 'incoming', true, 1 FROM documents_document
"""
# Item i is the (i / holders)-th of its holder: six of ten are open, one of five each leads, supports, is for information.
ITEMS = """
CREATE TEMPORARY TABLE planned AS
SELECT i AS id, i / %(per_paper)s AS paper, i / %(holders)s AS nth, i %% %(holders)s AS place,
    i / %(holders)s %% 10 < 6 AS is_open, (ARRAY['', '', 'LEAD', 'SUPPORT', 'FYI'])[1 + i / %(holders)s %% 5] AS role
FROM generate_series(0, %(items)s - 1) AS i;
INSERT INTO viewflow_task (id, process_id, flow_task, flow_task_type, status, created, token, data)
SELECT id, paper, 'workflow/flows.incoming_v1.IncomingV1.' || CASE role WHEN '' THEN 'direct' ELSE 'work' END, 'HUMAN',
    CASE WHEN is_open THEN 'NEW' ELSE 'DONE' END, now(), 'start', '{}'
FROM planned;
INSERT INTO workflow_workitem (
    task_id, document_id, unit_id, flow, node, holder, role, urgency, due_at, sent_by, note, state, created_at, completed_by_id,
    completed_at
)
SELECT id, paper, 1 + paper %% %(units)s, 'incoming', CASE role WHEN '' THEN 'direct' ELSE 'work' END,
    CASE WHEN place < %(units)s THEN 'unit:' || 1 + place WHEN place < 2 * %(units)s THEN 'post:' || 1 + place - %(units)s
        ELSE 'user:' || CASE place %% 2 WHEN 0 THEN %(person)s ELSE %(principal)s END END,
    role, 0, CASE WHEN nth %% 4 > 0 THEN now() + (id::bigint * 7919 %% 2880 - 1440) * interval '1 hour' END, 'Nguyễn Văn An',
    'Kính chuyển đồng chí xem xét, chỉ đạo thực hiện theo đúng thời hạn và báo cáo kết quả',
    CASE WHEN is_open THEN 'OPEN' ELSE 'DONE' END, now(),
    CASE WHEN is_open THEN NULL WHEN place %% %(units)s < %(own)s THEN %(person)s ELSE %(person)s + id %% 1000 END,
    CASE WHEN is_open THEN NULL ELSE now() - id * interval '1 second' END
FROM planned
"""
# Rows with ids of our own: the next id that a service takes lies above them.
NUMBERED = ("organizations_unit", "organizations_post", "documents_document", "viewflow_process", "viewflow_task")
LARGE = ("documents_document", "viewflow_process", "viewflow_task", "workflow_documentprocess", "workflow_workitem")
KEYS_OF = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', relname, conname),
    format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE contype = 'f' AND relname = ANY(%s)
"""
INDEXES_OF = """
SELECT format('DROP INDEX %%I', indexname), indexdef FROM pg_indexes
WHERE tablename = ANY(%s) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A person among many holders of work."""

    person: User
    items: int
    holders: int
    keys: int


def fill(*, items: int, holders: int) -> Crowd:
    """
    Give `items` work items to `holders` holders, and some of them to one person, who holds nine posts, acts for somebody and so
    has twenty keys.
    """
    units = (holders - 2) // 2
    person = create_user(username="ban-ron", full_name="Nguyễn Bận Rộn", password=None, actor=MAKER)
    principal = create_user(username="di-vang", full_name="Trần Đi Vắng", password=None, actor=MAKER)
    facts = {
        "units": units, "people": PEOPLE, "holders": 2 * units + 2, "items": items, "papers": items // ITEMS_PER_PAPER,
        "per_paper": ITEMS_PER_PAPER, "own": OWN_POSTS, "person": person.pk, "principal": principal.pk,
    }  # fmt: skip
    _fill_tables(facts)
    _seat(person, principal)
    _settle()
    return Crowd(person, items, 2 * units + 2, len(holder_keys(person, clock.now())))


@transaction.atomic
def _fill_tables(facts: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor, _bare(cursor):
        for statements in (OFFICES, PAPERS, ITEMS):
            cursor.execute(statements, facts)


@contextmanager
def _bare(cursor: Any) -> Iterator[None]:
    """Foreign keys are checked and indexes are built once, for all rows together: a third of the time."""
    restored = []
    for query in (KEYS_OF, INDEXES_OF):
        cursor.execute(query, [list(LARGE)])
        for drop, restore in cursor.fetchall():
            cursor.execute(drop)
            restored.append(restore)
    yield
    for restore in restored:
        cursor.execute(restore)


def _seat(person: User, principal: User) -> None:
    posts = Post.objects.order_by("id")[:OWN_POSTS]
    Appointment.objects.bulk_create(
        Appointment(user=person, post=post, valid_from=LONG_AGO, is_primary=number == 0)
        for number, post in enumerate(posts)
    )
    now = clock.now()
    delegate(
        principal=principal, deputy=person, valid_from=now - timedelta(hours=1), valid_to=now + timedelta(days=7), actor=MAKER
    )  # fmt: skip


def _settle() -> None:
    """What the server's own housekeeping does in the night after."""
    with connection.cursor() as cursor:
        for table in NUMBERED:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id) + 1) FROM {table}")  # noqa: S608
        cursor.execute("VACUUM ANALYZE")
