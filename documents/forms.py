"""What clerks type about papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.vietnamese import clean
from documents.models import DocumentType, Urgency
from documents.selectors import LABELS
from documents.services.confirmation import number_parts
from organizations.choices import PersonChoice
from organizations.models import User
from organizations.selectors import registrars_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from organizations.models import Unit

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


def day_field(label: Any, *, required: bool = False) -> forms.DateField:
    """A day: the browser's own picker, or typed dd/mm/yyyy."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, input_formats=DATE_FORMATS)


class CleanCharField(forms.CharField):
    """
    Text in NFC without controls, whatever keyboard or paste it came from.

    :param canned: sentences at hand below the field; one press writes one into it
    """

    def __init__(self, *args: Any, canned: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.canned = canned

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return clean(text) if isinstance(text, str) else text


class ConfirmForm(forms.Form):
    """The facts of a paper as the clerk sees them on the page."""

    doc_type = forms.ModelChoiceField(DocumentType.objects.none(), label=LABELS["doc_type"], required=False)
    number = CleanCharField(label=LABELS["number"], max_length=12, required=False)
    symbol = CleanCharField(label=LABELS["symbol"], max_length=60, required=False)
    issue_date = day_field(LABELS["issue_date"])
    issuer = CleanCharField(label=LABELS["issuer"], max_length=300)
    subject = CleanCharField(label=LABELS["subject"], max_length=1000, widget=forms.Textarea({"rows": 3}))
    signer = CleanCharField(label=LABELS["signer"], max_length=150, required=False)
    signer_title = CleanCharField(label=LABELS["signer_title"], max_length=150, required=False)
    place = CleanCharField(label=LABELS["place"], max_length=100, required=False)
    parent_organ = CleanCharField(label=LABELS["parent_organ"], max_length=300, required=False)
    urgency = forms.TypedChoiceField(
        label=LABELS["urgency"], choices=Urgency.choices, coerce=int, required=False, empty_value="0"
    )
    due_date = day_field(LABELS["due_date"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doc_type"].queryset = DocumentType.objects.order_by("order", "id")  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        """A number begins with digits, with at most a letter behind."""
        number: str = self.cleaned_data["number"].strip()
        if number and number_parts(number) is None:
            raise forms.ValidationError(
                _("A number consists of digits with at most a letter behind, such as 05 or 10b.")
            )
        return number

    def clean_issue_date(self) -> date | None:
        return self._day("issue_date")

    def clean_due_date(self) -> date | None:
        return self._day("due_date")

    def _day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and not 1945 <= day.year <= 2100:  # noqa: PLR2004  # the years an office can mean
            raise forms.ValidationError(_("Check the year of this date."))
        return day


class ReasonForm(forms.Form):
    """A reason that must be given."""

    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)


class OpeningForm(forms.Form):
    """A locked book is opened for somebody who keeps it."""

    person = PersonChoice(User.objects.none(), label=gettext_lazy("For whom"))
    until = day_field(gettext_lazy("Until and including"), required=True)
    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = registrars_of(unit, clock.now())  # type: ignore[attr-defined]


class SecrecyForm(forms.Form):
    """The question asked before any upload (domain.md 7)."""

    secrecy = forms.ChoiceField(
        label=gettext_lazy("Degree of secrecy of the paper"),
        choices=[
            ("none", gettext_lazy("Not secret")),
            ("confidential", gettext_lazy("Confidential")),
            ("secret", gettext_lazy("Secret")),
            ("top", gettext_lazy("Top secret")),
        ],
        widget=forms.RadioSelect,
    )
