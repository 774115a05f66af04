"""Units, posts and people as forms of all rooms offer them. What may be chosen is always given by the form that asks."""

from __future__ import annotations

from typing import Any

from django import forms


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """A unit by its name of today."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class UnitsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # likewise
    """Several units by their names of today."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # likewise
    """A post with its unit; who sits there is found out when acting."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, {obj.unit.name}"


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # likewise
    """People by name; the user name tells two of one name apart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} ({obj.username})"
