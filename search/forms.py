"""What people type about searches that they keep, and administrators about abbreviations."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.forms import CleanCharField
from search.models.abbreviations import LONGEST_LONG, LONGEST_SHORT
from search.models.saved import LONGEST_NAME


class NameForm(forms.Form):
    """What a saved search is called."""

    name = CleanCharField(label=_("Name"), max_length=LONGEST_NAME)

    def clean_name(self) -> str:
        """Blanks count once."""
        return " ".join(self.cleaned_data["name"].split())


class SaveForm(NameForm):
    """A search that somebody wants to keep."""

    is_alert = forms.BooleanField(label=_("Tell me of new papers that match"), required=False)


class ReadingForm(forms.Form):
    """An abbreviation and what it stands for."""

    short = CleanCharField(label=_("Abbreviation"), max_length=LONGEST_SHORT)
    long = CleanCharField(label=_("Written out"), max_length=LONGEST_LONG)
    is_sure = forms.BooleanField(
        label=_("Sure: it means nothing else"),
        help_text=_("One that is not sure only raises a rank: CĐ is công đoàn or công điện."),
        required=False,
    )
