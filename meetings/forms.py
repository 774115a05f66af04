"""What people type about a meeting; choices are always given by the view, never read here unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Attendance, Meeting
from organizations.models import Post, Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """A unit by its name of today."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class UnitsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # likewise
    """Several units by their names of today."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """A post with its unit."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, {obj.unit.name}"


class ConveneForm(forms.Form):
    """A new briefing."""

    title = forms.CharField(label=_("Title of the meeting"), max_length=300)
    period = forms.CharField(label=_("Period"), max_length=60, required=False)
    starts_at = forms.DateTimeField(
        label=_("Starts at"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )  # fmt: skip
    mode = forms.ChoiceField(label=_("Form of the meeting"), choices=Meeting.Mode.choices, initial=Meeting.Mode.HYBRID)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(label=_("Link for online participants"), required=False, assume_scheme="https")
    chair_post = PostChoice(label=_("Chair"), queryset=Post.objects.none())
    secretary_post = PostChoice(label=_("Secretary"), queryset=Post.objects.none())
    units = UnitsChoice(
        label=_("Invited units"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, posts: QuerySet[Post], units: QuerySet[Unit], **kwargs: Any) -> None:
        """Offer the posts of the convening unit and the units it may invite."""
        super().__init__(*args, **kwargs)
        for name in ("chair_post", "secretary_post"):
            self.fields[name].queryset = posts  # type: ignore[attr-defined]
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class AgendaItemForm(forms.Form):
    """A point of the agenda."""

    title = forms.CharField(label=_("Agenda item"), max_length=300)
    presenter = forms.CharField(label=_("Presented by"), max_length=150, required=False)
    minutes = forms.IntegerField(label=_("Minutes planned"), min_value=1, max_value=480, initial=10)


class AttendanceForm(forms.Form):
    """One person's mark."""

    state = forms.ChoiceField(label=_("Attendance"), choices=Attendance.State.choices)
    reason = forms.CharField(label=_("Reason of absence"), max_length=300, required=False)


class MinutesForm(forms.Form):
    """The text under one agenda item, with the version that was shown."""

    text = forms.CharField(label=_("Minutes"), required=False, widget=forms.Textarea({"rows": 8}))
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ConclusionForm(forms.Form):
    """A conclusion; lead and deadline may wait until publication."""

    text = forms.CharField(label=_("Conclusion"), widget=forms.Textarea({"rows": 3}))
    lead = UnitChoice(label=_("Lead"), queryset=Unit.objects.none(), required=False)
    supports = UnitsChoice(label=_("Supporting units"), queryset=Unit.objects.none(), required=False)
    due_date = forms.DateField(
        label=_("Deadline"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )  # fmt: skip
    measure = forms.CharField(label=_("How it is measured"), max_length=300, required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Offer the invited units."""
        super().__init__(*args, **kwargs)
        for name in ("lead", "supports"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason that must be given."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class PublishForm(forms.Form):
    """Publishing, with the explicit word that there is no conclusion."""

    no_conclusions = forms.BooleanField(label=_("This meeting has no conclusion"), required=False)
