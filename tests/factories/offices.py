"""A small union of three tiers with the people an office needs, and the acts that tests repeat."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password

from audit.models import Actor
from core import clock, ids
from documents import store
from documents.models import Document, DocumentFile, DocumentType, ReadState, Validity
from documents.services.access import grant_office
from documents.services.confirmation import confirm_fields
from documents.services.uploads import attach
from organizations.models import Role, Unit
from organizations.services import actor_for, appoint, create_post, create_unit, create_user
from workflow import selectors, services

if TYPE_CHECKING:
    from organizations.models import Post, User
    from workflow.models import IncomingCase

SETTER = Actor.system("tests")
PASSWORD = "vanthu-tests-2026"


@dataclass
class Office:
    """Units by name and people by role."""

    top: Unit
    bureau: Unit
    province: Unit
    ward: Unit
    people: dict[str, User] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            person: User = self.__dict__["people"][name]
            return person
        except KeyError:
            raise AttributeError(name) from None


SEATS = (
    ("clerk", "bureau", "Văn thư", [Role.CLERK]),
    ("chief", "bureau", "Chánh Văn phòng", [Role.OFFICE_CHIEF, Role.DEPT_HEAD, Role.SECRETARY]),
    ("chair", "top", "Chủ tịch", [Role.LEADER, Role.CHAIR]),
    ("deputy", "top", "Phó Chủ tịch", [Role.LEADER]),
    ("province_clerk", "province", "Văn thư", [Role.CLERK]),
    ("province_chair", "province", "Chủ tịch", [Role.LEADER]),
    ("ward_officer", "ward", "Chủ tịch", [Role.LEADER, Role.CLERK]),
)


def make_office() -> Office:
    """Set the union up through the services."""
    top = create_unit(
        code="TLD", name="Tổng Liên đoàn", kind="CONFEDERATION", tier=1, symbol="TLĐ", place="Hà Nội", actor=SETTER
    )
    bureau = create_unit(code="TLD-VP", name="Văn phòng", kind="DEPARTMENT", tier=1, parent=top, actor=SETTER)
    top.refresh_from_db()
    province = create_unit(
        code="AH",
        name="LĐLĐ tỉnh An Hòa",
        kind="PROVINCIAL",
        tier=2,
        symbol="LĐLĐ",
        place="An Hòa",
        parent=top,
        actor=SETTER,
    )
    ward = create_unit(
        code="DT",
        name="CĐ phường Đông Thành",
        kind="WARD",
        tier=3,
        symbol="CĐP",
        place="Đông Thành",
        parent=province,
        actor=SETTER,
    )
    units = {unit.pk: unit for unit in Unit.objects.all()}
    office = Office(units[top.pk], units[bureau.pk], units[province.pk], units[ward.pk])
    for name, unit, title, roles in SEATS:
        add_person(office, name, getattr(office, unit) if unit != "bureau" else office.bureau, title, roles)
    office.people["outsider"] = make_account("outsider", "Người Ngoài")
    return office


@cache
def hashed_password() -> str:
    """Slow by design (19 MiB a time): once for all tests, not once a person."""
    return make_password(PASSWORD)


def make_account(username: str, full_name: str) -> User:
    """Somebody who can sign in with PASSWORD."""
    person = create_user(username=username, full_name=full_name, password=None, actor=SETTER)
    person.password = hashed_password()
    person.save(update_fields=["password"])
    return person


def add_person(office: Office, name: str, unit: Unit, title: str, roles: list[Role]) -> None:
    """One more seat with somebody in it."""
    person = make_account(name, f"Nguyễn {name.title()}")
    post = create_post(unit=unit, title=title, roles=roles, actor=SETTER)
    appoint(user=person, post=post, valid_from=clock.today(), actor=SETTER)
    office.people[name], office.posts[name] = person, post


def blank_pdf(mark: str = "") -> bytes:
    """The smallest real PDF, another one for each mark."""
    import pikepdf

    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.docinfo["/Title"] = mark or "giấy"
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def confirmed_paper(
    office: Office, *, subject: str = "về đẩy mạnh xử lý văn bản", number: str = "05", by: str = "clerk"
) -> Document:
    """A paper that the clerk's office took in, that was read and confirmed."""
    actor = actor_for(office.people[by])
    unit = office.province if by.startswith("province") else office.top
    document = Document.plain.create(owner_unit=unit, created_by=office.people[by], read_state=ReadState.READ)
    attach(
        document=document,
        kept=store.keep(io.BytesIO(blank_pdf(f"{subject} {document.pk}"))),
        name="giay.pdf",
        kind=DocumentFile.Kind.SCAN,
    )
    grant_office(document)
    values = {
        "doc_type": DocumentType.objects.get(abbreviation="CT"),
        "number": number,
        "symbol": "CT-TLĐ",
        "issuer": "Tổng Liên đoàn",
        "subject": subject,
    }
    return confirm_fields(document=document, values=values, actor=actor, expected_version=document.version)


def registered_case(office: Office, **facts: Any) -> IncomingCase:
    """The same with its arrival number, waiting to be presented."""
    document = confirmed_paper(office, **facts)
    return services.register_and_start(
        document=document, unit=office.top, received_at=clock.now(), actor=actor_for(office.clerk)
    )


def act(person: User, document: Document, action: str, **payload: Any) -> None:
    """Do the person's first open task on a paper."""
    item = selectors.open_items(document, person, clock.now())[0]
    version = selectors.process_of(item).version
    services.complete(
        task_id=item.pk,
        actor=actor_for(person),
        action=action,
        payload=payload,
        expected_version=version,
        receipt_key=ids.new_receipt_key(),
    )


def drafted(office: Office) -> Document:
    """A draft of the top unit on its way, read, with all units below as recipients."""
    from documents.services.drafting import create_draft

    document = create_draft(
        unit=office.top,
        doc_type=DocumentType.objects.get(abbreviation="KH"),
        subject="Kế hoạch",
        stream=io.BytesIO(blank_pdf("dự thảo")),
        name="kh.pdf",
        actor=actor_for(office.chief),
        secrecy="none",
    )
    Document.plain.filter(pk=document.pk).update(read_state=ReadState.READ)
    services.start_outgoing(
        document=document,
        signer_post=office.posts["chair"],
        recipients=[],
        groups=["ALL_BELOW"],
        actor=actor_for(office.chief),
    )
    document.refresh_from_db()
    assert document.state == Validity.DRAFT
    return document
