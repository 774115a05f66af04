"""
A list costs the same number of queries for few rows and for many, whatever list it is and whoever looks.

The lists are found from the addresses: every page without a number in its address is looked at, a new one too.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock, ids
from documents.models import DocumentType
from exchange.services import issue_dispatch
from meetings import services as meetings
from organizations.models import Role
from organizations.services import actor_for
from search.alerts import follow
from search.asked import Asked
from search.engine import backend
from search.models import AbbreviationEntry
from search.saved import save_search
from tests.factories.fixtures import office
from tests.factories.offices import Office, act, add_person, blank_pdf, confirmed_paper, registered_case
from tests.factories.organizations import make_delegation, make_unit
from tests.factories.papers import index_now, uploaded
from tests.rights.routes import has_page, parameters, routes
from workflow import services

if TYPE_CHECKING:
    from organizations.models import User

__all__ = ["office"]

WATCHERS = ("clerk", "province_clerk", "admin")
FEW, MANY = 2, 7
MOST = 20


def fill(office: Office, numbers: range) -> None:
    """One more of everything that a list shows, for each number."""
    for number in numbers:
        case = registered_case(office, number=str(number), subject=f"về việc số {number}")
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")
        lead, fyi = ids.unit_key(office.bureau.pk), ids.post_key(office.posts["clerk"].pk)
        if number % 2:
            act(office.chair, case.document, "direct", text="Làm", lead=lead, fyi=[fyi], due_date=clock.today())
        uploaded(f"Văn bản số {number}", by=office.clerk, unit=office.top, name=f"{number}.pdf")
        issue_dispatch(
            document=confirmed_paper(office, number=f"9{number}"), sender=office.top, recipients=[office.province],
            actor=actor_for(office.clerk), due_date=clock.today(),
        )  # fmt: skip
        services.draft_outgoing(
            unit=office.top, doc_type=DocumentType.objects.get(abbreviation="KH"), subject=f"Kế hoạch {number}", name="kh.pdf",
            stream=io.BytesIO(blank_pdf(f"kế hoạch {number}")), secrecy="none", signer_post=office.posts["chair"],
            recipients=[office.province.pk], actor=actor_for(office.chief),
        )  # fmt: skip
        meetings.convene_meeting(
            unit=office.top, title=f"Giao ban {number}", starts_at=clock.now(), place="", chair_post=office.posts["chair"],
            secretary_post=office.posts["chief"], actor=actor_for(office.chief),
        )  # fmt: skip
        unit = make_unit(f"DV{number}", name=f"Đơn vị số {number}", parent=office.top)
        add_person(office, f"nguoi{number}", unit, "Văn thư", [Role.CLERK])
        make_delegation(office.people[f"nguoi{number}"], office.chair)
    index_now()
    keep_searches(office, numbers)


def keep_searches(office: Office, numbers: range) -> None:
    for number in numbers:
        for owner in (office.clerk, office.province_clerk):
            facts: dict[str, Any] = {"owner": owner, "at": clock.now(), "actor": actor_for(owner)}
            save_search(asked=Asked("văn bản"), name=f"Tìm {number}", is_alert=True, **facts)
        AbbreviationEntry.objects.create(short=f"VT{number}", long=f"viết tắt số {number}")
    follow(backend())


def queries_of(person: User) -> dict[str, int]:
    client, counts = Client(), {}
    client.force_login(person)
    lists = [route for route, view in routes() if has_page(view) and not parameters(route)]
    for route in [*lists, *lists]:  # what is kept from a first look is kept in both counts
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(route), {"q": "văn"} if route == "search:page" else {})
        counts[route] = len(asked)
    return counts


class TestLists:
    @pytest.mark.parametrize("name", WATCHERS)
    def test_cost_as_much_for_many_rows_as_for_few(self, office: Office, name: str) -> None:
        add_person(office, "admin", office.top, "Quản trị", [Role.SYS_ADMIN])
        index_now()
        keep_searches(office, range(-1, 0))  # so that there is news in both counts
        fill(office, range(FEW))
        few = queries_of(office.people[name])

        fill(office, range(FEW, MANY))

        many = queries_of(office.people[name])
        assert {route: (few[route], count) for route, count in many.items() if count > few[route]} == {}
        assert {route: count for route, count in many.items() if count > MOST} == {}
