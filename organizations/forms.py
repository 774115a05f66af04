"""What administrators type about units, posts and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core import clock
from organizations.models import Post, Role, Unit, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


def day(label: Any) -> forms.DateField:
    """A day with the browser's picker, today unless said otherwise."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=DATE_FORMATS, initial=clock.today)


def moment(label: Any) -> forms.DateTimeField:
    """A moment with the browser's picker."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"])


class UnitForm(forms.Form):
    """A new unit under the one shown."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=250)
    kind = forms.ChoiceField(label=_("Kind"), choices=Unit.Kind.choices)
    tier = forms.TypedChoiceField(label=_("Tier"), choices=[(n, str(n)) for n in range(1, 5)], coerce=int)
    symbol = forms.CharField(label=_("Symbol"), max_length=20, required=False)
    place = forms.CharField(label=_("Place of issue"), max_length=100, required=False)

    def clean_code(self) -> str:
        """A code names one unit."""
        code: str = self.cleaned_data["code"].strip()
        if Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another unit has this code."))
        return code


class RenameForm(forms.Form):
    """A new name from a day on."""

    name = forms.CharField(label=_("Name"), max_length=250)
    abbreviation = forms.CharField(label=_("Abbreviation"), max_length=60, required=False)
    valid_from = day(_("From"))


class PostForm(forms.Form):
    """A seat with its roles."""

    title = forms.CharField(label=_("Title"), max_length=150)
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)


class AppointForm(forms.Form):
    """Who gets a post, from when."""

    post = forms.ModelChoiceField(Post.objects.none(), label=_("Post"))
    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"))
    valid_from = day(_("From"))
    is_primary = forms.BooleanField(label=_("Main post"), required=False, initial=True)

    def __init__(self, *args: Any, posts: QuerySet[Post], people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """A new account with its first password."""

    username = forms.CharField(label=_("User name"), max_length=60)
    full_name = forms.CharField(label=_("Full name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput({"autocomplete": "new-password"}), min_length=8
    )

    def clean_username(self) -> str:
        """A user name is one person's."""
        username: str = self.cleaned_data["username"].strip()
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("This user name is taken."))
        return username


class PasswordForm(forms.Form):
    """A new password given by an administrator."""

    password = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput({"autocomplete": "new-password"}), min_length=8
    )


class DelegateForm(forms.Form):
    """Who acts for me, from when to when."""

    deputy = forms.ModelChoiceField(User.objects.none(), label=_("Deputy"))
    valid_from = moment(_("From"))
    valid_to = moment(_("Until"))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = people  # type: ignore[attr-defined]


class LanguageForm(forms.Form):
    """The language of one's pages."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
