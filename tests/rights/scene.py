"""
An office in which every kind of text holds a word of its own, and for each word who may ever meet it.

`Scene.words` is the table: a word, where it was put, the personas that may see it. Everybody else is a stranger to it.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import clock, ids
from documents.models import Document, DocumentType
from documents.ocr import FileReading
from documents.services.drafting import add_version, create_draft
from documents.services.reading import finish_reading, newest_file
from documents.services.registration import void_entry
from exchange.models import Delivery
from exchange.services import issue_dispatch, refuse
from meetings import services as meetings
from organizations.models import Appointment, Delegation, Role
from organizations.services import actor_for, appoint, close_account, delegate, end_appointment
from tests.factories.offices import SETTER, Office, act, add_person, blank_pdf, make_office
from tests.factories.organizations import fresh, make_unit
from tests.factories.papers import confirmed, index_now, read, uploaded
from workflow import services as work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.models import Actor
    from meetings.models import Meeting
    from organizations.models import User

TOP_OFFICE = frozenset({"clerk", "chief", "chair", "deputy"})
PROVINCE = frozenset({"province_clerk", "province_chair"})
REASON = "Lý do đủ mười chữ"
PERSONAS = (
    "clerk", "chief", "chair", "specialist", "province_clerk", "province_chair", "ward_officer", "neighbour", "outsider",
    "lapsed", "mover", "unit_admin", "sys_admin", "security", "closed",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A word that stands in one place of the office, and who may meet it."""

    text: str
    place: str
    readers: frozenset[str]


@dataclass
class Scene:
    """The office, its words and its papers by name."""

    office: Office
    words: list[Word] = field(default_factory=list)
    papers: dict[str, Document] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    folder: Path = Path()
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def word(self, place: str, *readers: Iterable[str]) -> str:
        """A new word for a place."""
        found = Word(f"chimyen{next(self.numbers):02d}x", place, frozenset().union(*readers))
        self.words.append(found)
        return found.text

    def person(self, name: str) -> User:
        return fresh(self.office.people[name])

    def actor(self, name: str) -> Actor:
        return actor_for(self.person(name))

    def strange_to(self, name: str) -> list[Word]:
        """The words that a persona may never meet."""
        return [word for word in self.words if name not in word.readers]

    def act(self, name: str, paper: str, action: str, **payload: Any) -> None:
        act(self.person(name), self.papers[paper], action, **payload)


def make_scene() -> Scene:
    """Everything happens here by the real services."""
    scene = Scene(make_office())
    _more_people(scene)
    for tell in (
        _inner_paper,
        _sent_paper,
        _refused_paper,
        _draft,
        _issued_draft,
        _upload,
        _locked,
        _void,
        _briefing,
        _plan,
    ):
        tell(scene)
    _time_passes(scene)
    index_now()
    return scene


def _more_people(scene: Scene) -> None:
    office = scene.office
    make_unit("SL", name="LĐLĐ tỉnh Sơn Lâm", parent=office.top)
    neighbour = make_unit("VH", name="LĐLĐ tỉnh Vĩnh Hải", parent=office.top)
    seats: tuple[tuple[str, Any, list[Role]], ...] = (
        ("specialist", office.bureau, [Role.SPECIALIST]), ("neighbour", neighbour, [Role.CLERK, Role.LEADER]),
        ("mover", office.bureau, [Role.CLERK]), ("unit_admin", office.bureau, [Role.UNIT_ADMIN]),
        ("sys_admin", office.bureau, [Role.SYS_ADMIN]), ("security", office.top, [Role.SECURITY_OFFICER]),
        ("closed", office.bureau, [Role.CLERK]), ("lapsed", neighbour, [Role.SPECIALIST]),
    )  # fmt: skip
    for name, unit, roles in seats:
        add_person(office, name, unit, f"Chức danh {name}", roles)


def _time_passes(scene: Scene) -> None:
    """The mover goes to another unit, one account is closed, a deputy's time is over."""
    now = clock.now()
    reason = scene.word("reason of a delegation", {"chair", "lapsed"})
    delegate(
        principal=scene.person("chair"), deputy=scene.person("lapsed"), valid_from=now, valid_to=now + timedelta(days=1),
        reason=reason, actor=SETTER,
    )  # fmt: skip
    Delegation.objects.update(valid_from=now - timedelta(days=3), valid_to=now - timedelta(days=2))
    held = Appointment.objects.get(user=scene.office.mover)
    end_appointment(appointment=held, valid_to=clock.today(), actor=SETTER)
    appoint(user=scene.person("mover"), post=scene.office.posts["neighbour"], valid_from=clock.today(), actor=SETTER)
    close_account(user=scene.person("closed"), actor=SETTER)


def _inner_paper(scene: Scene) -> None:
    """Taken in by a clerk who leaves later, directed to the bureau, reported and finished; nobody else's."""
    office = scene.office
    readers = TOP_OFFICE | {"specialist"}
    body, name = scene.word("text of a paper", readers), scene.word("name of a file", readers)
    facts = {key: scene.word(f"{key} of a paper", readers) for key in ("subject", "signer", "issuer", "place")}
    document = uploaded(f"Văn bản {body}", by=scene.person("mover"), unit=office.top, name=f"{name}.pdf")
    document = confirmed(document, by=scene.person("mover"), number="71", **facts)
    scene.papers["inner"] = document
    work.register_and_start(
        document=document, unit=office.top, received_at=clock.now(), actor=scene.actor("mover"),
        sender_text=scene.word("sender in the book", readers),
    )  # fmt: skip
    note = scene.word("words to the leader", readers)
    scene.act("clerk", "inner", "present", leader_post=office.posts["chair"], note=note)
    direction = {"text": scene.word("bút phê", readers), "lead": ids.unit_key(office.bureau.pk)}
    scene.act("chair", "inner", "direct", **direction)
    scene.act("chief", "inner", "report", text=scene.word("report", readers))
    scene.act("chair", "inner", "return", reason=f"{scene.word('reason of more', readers)} {REASON}")


def _sent_paper(scene: Scene) -> None:
    """Sent to the province, where it is directed: each side's inner work is its own."""
    office = scene.office
    readers = TOP_OFFICE | PROVINCE
    document = uploaded(scene.word("text of a sent paper", readers), by=scene.person("clerk"), unit=office.top)
    subject = scene.word("subject of a sent paper", readers)
    document = scene.papers["sent"] = confirmed(document, by=scene.person("clerk"), number="72", subject=subject)
    work.register_and_start(document=document, unit=office.top, received_at=clock.now(), actor=scene.actor("clerk"))
    inner = scene.word("the sender's words to its leader", TOP_OFFICE)
    scene.act("clerk", "sent", "present", leader_post=office.posts["chair"], note=inner)
    issue_dispatch(
        document=document, sender=office.top, recipients=[office.province], due_date=clock.today(),
        actor=scene.actor("clerk"), source_label=scene.word("source of a sending", readers),
    )  # fmt: skip
    delivery = Delivery.plain.get(dispatch__document=document, unit=office.province)
    work.receive_delivery(delivery=delivery, received_at=clock.now(), actor=scene.actor("province_clerk"))
    theirs = scene.word("the recipient's words to its leader", PROVINCE)
    scene.act("province_clerk", "sent", "present", leader_post=office.posts["province_chair"], note=theirs)
    lead = ids.post_key(office.posts["province_clerk"].pk)
    scene.act("province_chair", "sent", "direct", text=scene.word("the recipient's bút phê", PROVINCE), lead=lead)
    scene.act("province_clerk", "sent", "report", text=scene.word("the recipient's report", PROVINCE))


def _refused_paper(scene: Scene) -> None:
    office = scene.office
    readers = TOP_OFFICE | {"ward_officer"}
    document = uploaded("Văn bản", by=scene.person("clerk"), unit=office.top)
    subject = scene.word("subject of a refused paper", readers)
    document = scene.papers["refused"] = confirmed(document, by=scene.person("clerk"), number="73", subject=subject)
    issue_dispatch(document=document, sender=office.top, recipients=[office.ward], actor=scene.actor("clerk"))
    delivery = Delivery.plain.select_related("unit", "dispatch").get(dispatch__document=document)
    reason = scene.word("reason of a refusal", readers)
    refuse(delivery=delivery, reason=f"{reason} {REASON}", actor=scene.actor("ward_officer"))


def _new_draft(scene: Scene, name: str, readers: frozenset[str], subject: str) -> Document:
    body, file = scene.word(f"text of {name}", readers), scene.word(f"file of {name}", readers)
    document = create_draft(
        unit=scene.office.top, doc_type=DocumentType.objects.get(abbreviation="KH"), subject=subject,
        stream=io.BytesIO(blank_pdf(name)), name=f"{file}.pdf", actor=scene.actor("chief"), secrecy="none",
    )  # fmt: skip
    scene.papers[name] = read(document, body)
    work.start_outgoing(
        document=document, signer_post=scene.office.posts["chair"], recipients=[scene.office.province.pk],
        actor=scene.actor("chief"),
    )  # fmt: skip
    scene.act("chief", name, "submit", comment=scene.word(f"words to the signer of {name}", readers))
    reason = scene.word(f"reason of return of {name}", readers)
    scene.act("chair", name, "return", version=1, reason=f"{reason} {REASON}")
    return document


def _draft(scene: Scene) -> None:
    _new_draft(scene, "draft", TOP_OFFICE, scene.word("subject of a draft", TOP_OFFICE))


def _issued_draft(scene: Scene) -> None:
    """What is taken out of a draft before it is issued stays in the unit that drafted it."""
    readers = TOP_OFFICE | PROVINCE
    document = _new_draft(scene, "issued", TOP_OFFICE, scene.word("subject of an issued draft", readers))
    comment = scene.word("words of a version", TOP_OFFICE)
    add_version(
        document=document, stream=io.BytesIO(blank_pdf("bản hai")), name="ban-hai.pdf", comment=comment,
        actor=scene.actor("chief"),
    )  # fmt: skip
    failed = FileReading(status="failed", reason="broken")  # type: ignore[arg-type]
    finish_reading(document=document, file=newest_file(document), reading=failed, seconds=1)
    scene.act("chief", "issued", "submit", comment="")
    scene.act("chair", "issued", "approve", version=2, comment=scene.word("words of approval", TOP_OFFICE))
    scene.act("clerk", "issued", "issue", issued_on=clock.today())


def _upload(scene: Scene) -> None:
    body, name = scene.word("text of an upload", PROVINCE), scene.word("file of an upload", PROVINCE)
    clerk, unit = scene.person("province_clerk"), scene.office.province
    scene.papers["upload"] = uploaded(f"Văn bản {body}", by=clerk, unit=unit, name=f"{name}.pdf")


def _locked(scene: Scene) -> None:
    name = scene.word("file of a secret paper", {"security"})
    document = uploaded(by=scene.person("clerk"), unit=scene.office.top, name=f"{name}.pdf")
    secret = FileReading(status="quarantined", secrecy_mark="MẬT")
    finish_reading(document=document, file=newest_file(document), reading=secret, seconds=1)
    scene.papers["locked"] = document


def _void(scene: Scene) -> None:
    office = scene.office
    subject = scene.word("subject of a void line", TOP_OFFICE)
    document = confirmed(
        uploaded("Văn bản", by=scene.person("clerk"), unit=office.top), by=scene.person("clerk"), subject=subject
    )
    case = work.register_and_start(
        document=document, unit=office.top, received_at=clock.now(), actor=scene.actor("clerk")
    )
    void_entry(entry=case.entry, reason=scene.word("reason of a void line", TOP_OFFICE), actor=scene.actor("clerk"))
    scene.papers["void"] = document


def _convened(scene: Scene, name: str, readers: frozenset[str]) -> Meeting:
    office = scene.office
    meeting = meetings.convene_meeting(
        unit=office.top, title=scene.word(f"title of {name}", readers), starts_at=clock.now(), actor=scene.actor("clerk"),
        place=scene.word(f"place of {name}", readers), chair_post=office.posts["chair"], secretary_post=office.posts["chief"],
    )  # fmt: skip
    title = scene.word(f"agenda of {name}", readers)
    meetings.add_agenda_item(meeting=meeting, title=title, actor=scene.actor("chief"))
    scene.meetings[name] = meeting
    return meeting


def _plan(scene: Scene) -> None:
    """A meeting that nobody has been invited to yet."""
    _convened(scene, "planned", TOP_OFFICE)


def _briefing(scene: Scene) -> None:
    """The province is invited; its conclusion becomes a directive."""
    readers = TOP_OFFICE | PROVINCE
    secretary, office = scene.actor("chief"), scene.office
    meeting = _convened(scene, "briefing", readers)
    meetings.invite_units(meeting=meeting, units=[office.province], actor=secretary)
    meetings.open_meeting(meeting=meeting, actor=secretary)
    row = meeting.attendance.earliest("pk")
    absence = scene.word("reason of an absence", readers)
    meetings.mark_attendance(attendance=row, state="ABSENT_EXCUSED", reason=absence, actor=secretary)
    item = meeting.agenda.get()
    text = scene.word("minutes", readers)
    meetings.write_minutes(item=item, text=text, expected_version=item.text_version, actor=secretary)
    meetings.draft_conclusion(
        meeting=meeting, text=scene.word("conclusion", readers), lead=office.province, due_date=clock.today(),
        measure=scene.word("measure", readers), actor=secretary,
    )  # fmt: skip
    meetings.close_meeting(meeting=meeting, actor=secretary)
    paper = meetings.publish_conclusions(meeting=meeting, actor=scene.actor("chair"))
    scene.papers["minutes"] = read(paper, scene.word("text of the minutes' paper", readers))
