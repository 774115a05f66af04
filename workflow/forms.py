"""What people type when they act; one form per human task, choices given for the unit that acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock, ids
from documents.forms import CleanCharField, day_field
from documents.models import Document, DocumentFile, DocumentType, Urgency, Validity
from organizations.choices import PostChoice, UnitsChoice
from organizations.models import Post, Role, Unit
from organizations.selectors import departments_of, office_posts, organs_below, recipient_groups
from workflow.policies import WORKING, posts_below
from workflow.selectors import answer_to, assignment_of, case_of_item

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from workflow.models import WorkItem


MOST_LISTED = 200
AT_HAND = (_("Agreed."), _("For information and follow-up."), _("Advise and report back."))
REASONS = (
    _("Attachments are missing."), _("The layout is not as prescribed."), _("It is not clear what is to be decided."),
    _("This is not among the tasks of our unit."), _("Figures or grounds are missing."), _("The recipients are not right."),
)  # fmt: skip


def assignees(unit: Unit) -> list[tuple[str, str]]:
    """Whom a leader may give work: departments first, then posts; as holder keys with words."""
    departments = [(ids.unit_key(d.pk), d.name) for d in departments_of(unit)]
    posts = [(ids.post_key(p.pk), f"{p.title}, {p.unit.name}") for p in office_posts(unit, WORKING)]
    return departments + posts


class ActForm(forms.Form):
    """Base: knows the work item, the unit and the person; `is_cols` sets short fields side by side."""

    is_cols = False

    def __init__(self, *args: Any, item: WorkItem, person: User, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"task{item.pk}_%s")
        super().__init__(*args, **kwargs)
        self.item, self.person = item, person


class PresentForm(ActForm):
    """Present to a leader."""

    leader_post = PostChoice(Post.objects.none(), label=_("Leader"))
    note = CleanCharField(
        label=_("Words to the leader"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaders = office_posts(self.item.unit, [Role.LEADER])
        field = self.fields["leader_post"]
        field.queryset = leaders  # type: ignore[attr-defined]
        field.initial = leaders.first()


class DirectForm(ActForm):
    """Bút phê: words, one lead, others, a deadline."""

    is_cols = True

    text = CleanCharField(
        label=_("Direction"),
        widget=forms.Textarea({"rows": 4, "class": "v-input--ink"}),
        max_length=4000,
        canned=AT_HAND,
    )
    lead = forms.ChoiceField(label=_("Lead"))
    due_date = day_field(_("Deadline"))
    supporters = forms.MultipleChoiceField(label=_("Support"), required=False, widget=forms.CheckboxSelectMultiple)
    fyi = forms.MultipleChoiceField(label=_("For information"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = assignees(self.item.unit)
        self.fields["lead"].choices = [("", "---------"), *choices]  # type: ignore[attr-defined]
        for name in ("supporters", "fyi"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if self.item.due_at:
            self.fields["due_date"].initial = clock.office_date(self.item.due_at)


class ReportForm(ActForm):
    """What was done, with a paper that answers."""

    text = CleanCharField(label=_("Result"), widget=forms.Textarea({"rows": 4}), max_length=4000)
    reply_document = forms.ModelChoiceField(Document.plain.none(), label=_("Answering paper"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Document.objects.visible_to(self.person).filter(owner_unit=self.item.unit, state=Validity.IN_FORCE)
        issued = own.filter(files__kind=DocumentFile.Kind.ISSUED).exclude(pk=self.item.document_id).distinct()
        self.fields["reply_document"].queryset = issued.order_by("-id")  # type: ignore[attr-defined]
        answer = answer_to(self.item, self.person)
        self.fields["reply_document"].initial = answer.document_id if answer else None


class HandOnForm(ActForm):
    """Hand work on within the unit."""

    post = PostChoice(Post.objects.none(), label=_("Who does it"))
    note = CleanCharField(
        label=_("What is to be done"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    due_date = day_field(_("Deadline"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assignment = assignment_of(self.item)
        self.fields["post"].queryset = posts_below(assignment)  # type: ignore[attr-defined]
        self.fields["due_date"].initial = assignment.due_date


class NoteForm(ActForm):
    """A word that may be left out."""

    note = CleanCharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))


class SubmitForm(ActForm):
    """Hand a draft in, to the signer chosen before or to another one."""

    signer_post = PostChoice(Post.objects.none(), label=_("Signer"), required=False)
    comment = CleanCharField(
        label=_("Words to the signer"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["signer_post"]
        field.queryset = office_posts(self.item.unit, [Role.LEADER])  # type: ignore[attr-defined]
        field.initial = case_of_item(self.item).signer_post_id  # type: ignore[union-attr]


class JudgeForm(ActForm):
    """Approve; the version that was seen travels along."""

    draft_version = forms.IntegerField(widget=forms.HiddenInput)
    comment = CleanCharField(label=_("Comment"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))


class IssueForm(ActForm):
    """Number and issue."""

    draft_version = forms.IntegerField(widget=forms.HiddenInput)
    issued_on = day_field(_("Date of issue"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issued_on"].initial = clock.today()


class ReturnForm(ActForm):
    """Give back, with a reason."""

    reason = CleanCharField(
        label=_("Reason"), min_length=10, max_length=1000, widget=forms.Textarea({"rows": 2}), canned=REASONS
    )
    draft_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DraftForm(forms.Form):
    """A new paper of the unit."""

    secrecy = forms.ChoiceField(
        label=_("Degree of secrecy of the paper"),
        choices=[
            ("none", _("Not secret")),
            ("confidential", _("Confidential")),
            ("secret", _("Secret")),
            ("top", _("Top secret")),
        ],
        widget=forms.RadioSelect,
    )
    doc_type = forms.ModelChoiceField(DocumentType.objects.none(), label=_("Document type"))
    subject = CleanCharField(label=_("Subject"), max_length=1000, widget=forms.Textarea({"rows": 2}))
    file = forms.FileField(label=_("Draft as PDF"))
    signer_post = PostChoice(Post.objects.none(), label=_("Signer"))
    groups = forms.MultipleChoiceField(label=_("Recipient groups"), required=False, widget=forms.CheckboxSelectMultiple)
    recipients = UnitsChoice(
        Unit.objects.none(), label=_("Single recipients"), required=False, widget=forms.CheckboxSelectMultiple
    )
    must_act = forms.BooleanField(label=_("Recipients must act on it"), required=False, initial=True)
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), choices=Urgency.choices, coerce=int, required=False, empty_value="0"
    )
    due_date = day_field(_("Deadline"))

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doc_type"].queryset = DocumentType.objects.filter(is_offered=True).order_by("order")  # type: ignore[attr-defined]
        self.fields["signer_post"].queryset = office_posts(unit, [Role.LEADER])  # type: ignore[attr-defined]
        self.fields["groups"].choices = [(g.code, g.label) for g in recipient_groups(unit)]  # type: ignore[attr-defined]
        self.fields["recipients"].queryset = self._recipients(unit)  # type: ignore[attr-defined]

    def _recipients(self, unit: Unit) -> QuerySet[Unit]:
        """Units below and the one above; of very many those directly below, and whatever else was chosen before."""
        below, parent = organs_below(unit), Unit.objects.get_parent(unit)
        shown = below
        if below.count() > MOST_LISTED:
            chosen = self.fields["recipients"].widget.value_from_datadict(self.data, self.files, "recipients") or []
            shown = below.filter(Q(depth=unit.depth + 1) | Q(pk__in=[word for word in chosen if str(word).isdecimal()]))
        above = Unit.objects.filter(pk=parent.pk) if parent else Unit.objects.none()
        rows: QuerySet[Unit] = (shown | above.prefetch_related("names")).order_by("path")
        return rows


class VersionForm(forms.Form):
    """A new version of a draft."""

    file = forms.FileField(label=_("New version as PDF"))
    comment = CleanCharField(label=_("What has changed"), required=False, max_length=1000)


FORMS: dict[tuple[str, str], type[ActForm]] = {
    ("present", "present"): PresentForm,
    ("direct", "direct"): DirectForm,
    ("direct", "return"): ReturnForm,
    ("work", "report"): ReportForm,
    ("work", "hand_on"): HandOnForm,
    ("work", "acknowledge"): NoteForm,
    ("work", "return"): ReturnForm,
    ("finish", "finish"): NoteForm,
    ("finish", "return"): ReturnForm,
    ("draft", "submit"): SubmitForm,
    ("approve", "approve"): JudgeForm,
    ("approve", "return"): ReturnForm,
    ("issue", "issue"): IssueForm,
    ("issue", "return"): ReturnForm,
}
