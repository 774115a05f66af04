"""What administrators type about units, posts and people, and everybody about their deputies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from organizations.choices import PersonChoice
from organizations.models import Post, Role, Unit, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

CHOSEN = re.compile(r"\(([^()]+)\)$")
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
SYMBOL_HINT = _("Behind the number on papers, such as LĐLĐ.")


def day(label: Any, **options: Any) -> forms.DateField:
    """A day with the browser's picker, today unless said otherwise."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=DATE_FORMATS, initial=clock.today, **options)


def moment(label: Any) -> forms.DateTimeField:
    """A moment with the browser's picker."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"])


def new_password(label: Any) -> forms.CharField:
    """A password for somebody, seen by nobody."""
    return forms.CharField(label=label, min_length=8, widget=forms.PasswordInput({"autocomplete": "new-password"}))


class Combobox(forms.TextInput):
    """A text box that proposes rows from an address while one types; plain without JavaScript."""

    template_name = "organizations/combobox.html"

    def __init__(self, url: str) -> None:
        """`url` names the address."""
        self.url = url
        super().__init__({"autocomplete": "off"})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["url"] = reverse(self.url)
        return context


class NamedRow(forms.CharField):
    """
    A row named by its code or user name: among thousands nobody scrolls. The text becomes the row.

    A proposal that was chosen stands in the box as "name (code)".
    """

    def __init__(self, *, column: str, unknown: Any, url: str, **options: Any) -> None:
        self.column, self.unknown = column, unknown
        self.rows: QuerySet[Any] | None = None
        super().__init__(widget=Combobox(url), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        chosen = CHOSEN.search(text)
        key = chosen.group(1) if chosen else text
        row = self.rows.filter(**{self.column: key}).first() if self.rows is not None else None
        if row is None:
            raise forms.ValidationError(self.unknown)
        return row


def unit_by_code(label: Any, **options: Any) -> NamedRow:
    """A unit by its code."""
    unknown = _("You administer no unit with this code.")
    return NamedRow(label=label, column="code", unknown=unknown, url="organizations:find-units", **options)


class UnitForm(forms.Form):
    """A new unit under the one shown."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=250)
    kind = forms.ChoiceField(label=_("Kind"), choices=Unit.Kind.choices)
    tier = forms.TypedChoiceField(label=_("Tier"), choices=[(n, str(n)) for n in range(1, 5)], coerce=int)
    symbol = forms.CharField(label=_("Symbol"), max_length=20, required=False, help_text=SYMBOL_HINT)
    place = forms.CharField(label=_("Place of issue"), max_length=100, required=False)


class ChangeUnitForm(forms.Form):
    """What new papers of a unit bear."""

    symbol = forms.CharField(label=_("Symbol"), max_length=20, required=False, help_text=SYMBOL_HINT)
    place = forms.CharField(label=_("Place of issue"), max_length=100, required=False)
    organ_id = forms.CharField(label=_("Organ ID"), max_length=40, required=False)


class RenameForm(forms.Form):
    """A new name from a day on."""

    name = forms.CharField(label=_("Name"), max_length=250)
    abbreviation = forms.CharField(label=_("Abbreviation"), max_length=60, required=False)
    valid_from = day(_("From"))


class MoveForm(forms.Form):
    """Another unit above, from a day on."""

    parent = unit_by_code(_("Code of the unit above"))
    valid_from = day(_("From"))


class CloseUnitForm(forms.Form):
    """The end of a unit, and who goes on with its work."""

    valid_to = day(_("Until"), help_text=_("The first day on which the unit is no more."))
    successor = unit_by_code(_("Code of the successor"), required=False)


class PostForm(forms.Form):
    """A seat with its roles."""

    title = forms.CharField(label=_("Title"), max_length=150)
    order = forms.IntegerField(
        label=_("Order"), min_value=1, max_value=999, initial=100, help_text=_("Small numbers stand first.")
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=(), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, grantable: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, role.label) for role in grantable]  # type: ignore[attr-defined]


class AppointForm(forms.Form):
    """Who gets a post, from when."""

    post = forms.ModelChoiceField(Post.objects.none(), label=_("Post"))
    user = NamedRow(
        label=_("User name"), column="username", unknown=_("No open account has this user name."),
        url="organizations:find-people",
    )  # fmt: skip
    valid_from = day(_("From"))
    is_primary = forms.BooleanField(label=_("Main post"), required=False, initial=True)
    is_acting = forms.BooleanField(label=_("Acting"), required=False)

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]
        self.fields["user"].rows = User.objects.filter(is_active=True)  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The end of an appointment."""

    valid_to = day(_("Until"), help_text=_("The first day without the post."))


class PersonForm(forms.Form):
    """A new account with its first password."""

    username = forms.CharField(label=_("User name"), max_length=60, validators=[User.username_validator])
    full_name = forms.CharField(label=_("Full name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = new_password(_("First password"))


class PasswordForm(forms.Form):
    """A new password given by an administrator."""

    password = new_password(_("New password"))


class DelegateForm(forms.Form):
    """Who acts for me, from when to when."""

    deputy = PersonChoice(User.objects.none(), label=_("Deputy"))
    valid_from = moment(_("From"))
    valid_to = moment(_("Until"))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = people  # type: ignore[attr-defined]


class LanguageForm(forms.Form):
    """The language of one's pages."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
