"""
What somebody may not see changes nothing that they see: no count, no rank, no badge, no list, no proposal (reliability.md 3).

Two looks at the office through one person's eyes; between them others take papers in, work on them, send them and meet, with the
very words that the person's own papers hold.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from core import clock, ids
from documents.models import DocumentType
from documents.services.drafting import create_draft
from exchange.services import issue_dispatch
from meetings import services as meetings
from organizations.models import Role
from organizations.services import actor_for
from search.services import search_documents
from tests.factories.fixtures import office
from tests.factories.offices import Office, act, add_person, blank_pdf
from tests.factories.organizations import make_unit
from tests.factories.papers import confirmed, index_now, read, uploaded
from tests.rights.routes import has_page, parameters, routes
from workflow import services

if TYPE_CHECKING:
    from documents.models import Document
    from organizations.models import Unit, User

__all__ = ["office"]

WORDS = "về đẩy mạnh xử lý văn bản và họp giao ban trên môi trường số"
QUERIES = (
    "05 ct tld", "day manh xu ly van ban", "giao ban", "moi truong so", "van", '"xử lý văn bản"', "công đoàn -giao", "05/CT",
    "đẩy mạn", "xyz",
)  # fmt: skip
WATCHERS = ("province_clerk", "neighbour", "specialist")
# Different at each look: the guards of forms, receipts, and the code of an error.
FRESH = re.compile(
    r'name="(csrfmiddlewaretoken|receipt_key)" value="[^"]*"|name="vanthu-csrf" content="[^"]*"|<span class="v-code">\w+</span>'
)


def taken_in(by: User, unit: Unit, number: str) -> Document:
    paper = uploaded(f"Chỉ thị {WORDS}. Đẩy mạnh, đẩy mạnh, giao ban.", by=by, unit=unit)
    return confirmed(paper, by=by, number=number, subject=WORDS)


@pytest.fixture
def watched(office: Office) -> Office:
    """Everybody who watches has a paper of their own with the common words."""
    neighbour = make_unit("VH", name="LĐLĐ tỉnh Vĩnh Hải", parent=office.top)
    add_person(office, "neighbour", neighbour, "Văn thư kiêm Chủ tịch", [Role.CLERK, Role.LEADER])
    add_person(office, "specialist", office.bureau, "Chuyên viên", [Role.SPECIALIST])
    for name, unit in (("province_clerk", office.province), ("ward_officer", office.ward), ("neighbour", neighbour)):
        taken_in(office.people[name], unit, "05")
    sent = taken_in(office.clerk, office.top, "04")
    issue_dispatch(
        document=sent,
        sender=office.top,
        recipients=[office.province, office.ward, neighbour],
        actor=actor_for(office.clerk),
    )
    add_person(
        office, "stranger", make_unit("SL", name="LĐLĐ tỉnh Sơn Lâm", parent=office.top), "Văn thư", [Role.CLERK]
    )
    index_now()
    return office


def others_go_on(office: Office) -> None:
    """Acts of the top unit's office and of another province among themselves."""
    paper = taken_in(office.clerk, office.top, "05")
    services.register_and_start(document=paper, unit=office.top, received_at=clock.now(), actor=actor_for(office.clerk))
    act(office.clerk, paper, "present", leader_post=office.posts["chair"], note="Kính trình")
    act(office.chair, paper, "direct", text="Làm ngay", lead=ids.post_key(office.posts["deputy"].pk), due_date=None)
    uploaded(f"Kế hoạch {WORDS}", by=office.clerk, unit=office.top)
    draft = create_draft(
        unit=office.top, doc_type=DocumentType.objects.get(abbreviation="KH"), subject=WORDS, name="kh.pdf",
        stream=io.BytesIO(blank_pdf("mật")), actor=actor_for(office.chief), secrecy="none",
    )  # fmt: skip
    read(draft, f"Kế hoạch {WORDS}")
    meeting = meetings.convene_meeting(
        unit=office.top, title="Giao ban nội bộ", starts_at=clock.now(), place="", chair_post=office.posts["chair"],
        secretary_post=office.posts["chief"], actor=actor_for(office.chief),
    )  # fmt: skip
    meetings.add_agenda_item(meeting=meeting, title=WORDS, actor=actor_for(office.chief))
    stranger, unit = office.people["stranger"], office.posts["stranger"].unit
    foreign = taken_in(stranger, unit, "05")
    services.register_and_start(document=foreign, unit=unit, received_at=clock.now(), actor=actor_for(stranger))
    index_now()


def seen_by(person: User) -> dict[str, object]:
    """Every list of the office as it answers, and what search finds, in which order."""
    client = Client()
    client.force_login(person)
    seen: dict[str, object] = {}
    for route, view in routes():
        if has_page(view) and not parameters(route) and route not in {"livez", "readyz"}:
            answer = client.get(reverse(route))
            seen[route] = (answer.status_code, FRESH.sub("", answer.content.decode("utf-8", "replace")))
    for tab in ("todo", "support", "fyi", "done"):
        seen[tab] = FRESH.sub("", client.get(reverse("desk:inbox"), {"tab": tab}).content.decode())
    for query in QUERIES:
        found = search_documents(query=query, user=person, at=clock.now())
        seen[query] = (found.total, {(hit.document_id, hit.snippet) for hit in found.hits})
        seen[f"page of {query}"] = FRESH.sub("", client.get(reverse("search:page"), {"q": query}).content.decode())
    return seen


class TestNoninterference:
    @pytest.mark.parametrize("name", WATCHERS)
    def test_what_others_do_among_themselves_changes_nothing(self, watched: Office, name: str) -> None:
        before = seen_by(watched.people[name])

        others_go_on(watched)

        after = seen_by(watched.people[name])
        assert {key for key in before if before[key] != after[key]} == set()

    def test_what_is_done_with_somebody_is_seen(self, watched: Office) -> None:
        """The looks tell offices apart: the clerk whose office acts sees it."""
        before = seen_by(watched.clerk)

        others_go_on(watched)

        after = seen_by(watched.clerk)
        changed = {key for key in before if before[key] != after[key]}
        assert {
            "documents:incoming",
            "documents:register",
            "giao ban",
            "05 ct tld",
            "meetings:list",
        } <= changed
