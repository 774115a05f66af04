"""What people type about a meeting; choices are always given by the view, never read here unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.forms import CleanCharField, day_field
from meetings.models import LONGEST_LINK, Attendance, Meeting
from organizations.choices import PostChoice, UnitChoice, UnitsChoice
from organizations.models import Post, Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from meetings.models import Conclusion


class ConveneForm(forms.Form):
    """A new briefing."""

    title = CleanCharField(label=_("Title of the meeting"), max_length=300)
    period = CleanCharField(label=_("Period"), max_length=60, required=False)
    starts_at = forms.DateTimeField(
        label=_("Starts at"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )  # fmt: skip
    mode = forms.ChoiceField(label=_("Form of the meeting"), choices=Meeting.Mode.choices, initial=Meeting.Mode.HYBRID)
    place = CleanCharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(
        label=_("Link for online participants"), required=False, assume_scheme="https", max_length=LONGEST_LINK,
        error_messages={"max_length": _("The link is longer than 1000 characters. Ask the video service for a short one.")},
    )  # fmt: skip
    chair_post = PostChoice(label=_("Chair"), queryset=Post.objects.none())
    secretary_post = PostChoice(label=_("Secretary"), queryset=Post.objects.none())
    all_below = forms.BooleanField(label=_("Invite all units directly below"), required=False)
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

    title = CleanCharField(label=_("Agenda item"), max_length=300)
    presenter = CleanCharField(label=_("Presented by"), max_length=150, required=False)
    minutes = forms.IntegerField(label=_("Minutes planned"), min_value=1, max_value=480, initial=10)


class AttendeeForm(forms.Form):
    """A person who was not expected: sent instead of somebody, or a guest."""

    name = CleanCharField(label=_("Full name"), max_length=150)
    position = CleanCharField(label=_("Position"), max_length=200, required=False)
    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Offer the units that take part."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class AttendanceForm(forms.Form):
    """One person's mark."""

    state = forms.ChoiceField(label=_("Attendance"), choices=Attendance.State.choices)
    reason = CleanCharField(label=_("Reason of absence"), max_length=300, required=False)


class MinutesForm(forms.Form):
    """The text under one agenda item, with the version that was shown."""

    text = CleanCharField(label=_("Minutes"), required=False, widget=forms.Textarea({"rows": 8}))
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ConclusionForm(forms.Form):
    """A new conclusion; lead and deadline may wait until publication."""

    text = CleanCharField(label=_("Conclusion"), widget=forms.Textarea({"rows": 3}))
    lead = UnitChoice(label=_("Lead"), queryset=Unit.objects.none(), required=False)
    supports = UnitsChoice(
        label=_("Supporting units"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    due_date = day_field(_("Deadline"))
    measure = CleanCharField(label=_("How it is measured"), max_length=300, required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Offer the invited units."""
        super().__init__(*args, **kwargs)
        for name in ("lead", "supports"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]


class RevisionForm(ConclusionForm):
    """A conclusion that is to be changed, with the version that was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, conclusion: Conclusion, **kwargs: Any) -> None:
        """Keep names apart: the room holds one form for each conclusion that may be changed."""
        super().__init__(*args, auto_id=f"conclusion{conclusion.pk}_%s", **kwargs)
        self.conclusion_id = conclusion.pk
        self.is_conflict = False

    @classmethod
    def of(cls, conclusion: Conclusion, *, units: QuerySet[Unit]) -> Self:
        """The form as the conclusion stands."""
        facts = {name: getattr(conclusion, name) for name in ("text", "lead", "due_date", "measure", "version")}
        supports = [support.unit_id for support in conclusion.supports.all()]
        return cls(units=units, conclusion=conclusion, initial=facts | {"supports": supports})

    @classmethod
    def against(cls, conclusion: Conclusion, *, typed: dict[str, Any], units: QuerySet[Unit]) -> Self:
        """What was typed, below a conclusion that was changed meanwhile: saving it once more overwrites what is seen."""
        form = cls(units=units, conclusion=conclusion, initial=typed | {"version": conclusion.version})
        form.is_conflict = True
        return form


class InviteForm(forms.Form):
    """Further units."""

    units = UnitsChoice(label=_("Units to invite"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Offer the units that are not called yet."""
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason that must be given."""

    reason = CleanCharField(label=_("Reason"), max_length=300)


class CallOffForm(forms.Form):
    """Why a meeting does not take place."""

    reason = CleanCharField(label=_("Reason for calling the meeting off"), max_length=300)


class PublishForm(forms.Form):
    """Publishing, with the explicit word that there is no conclusion."""

    no_conclusions = forms.BooleanField(label=_("This meeting has no conclusion"), required=False)
