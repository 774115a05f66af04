"""Small words for templates. Everything that has structure is a component; see ui/README.md."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui import drawn
from ui.bars import Part, Slice, as_parts, slices
from ui.dates import vietnamese_date, vietnamese_time

register = template.Library()

CONFIDENT = 0.9  # extraction.md: below it a person looks at the value before the others


register.simple_tag(drawn.icon)
register.simple_tag(drawn.due, name="deadline")
register.simple_tag(drawn.urgency, name="urgency")


@register.simple_tag
def row(it: drawn.Row | None = None, **facts: Any) -> SafeString:
    """Draw a line of an inbox, given as a whole or as the `facts` of one."""
    return drawn.row(it or drawn.Row(**facts))


@register.simple_tag
def note_icon(kind: str, chosen: str = "") -> str:
    """Choose the sign of a note: no colour without a shape."""
    signs = {"ok": "check-circle-fill", "warn": "exclamation-triangle", "bad": "exclamation-circle"}
    return chosen or signs.get(kind, "info-circle")


@register.simple_tag
def elided_pages(page: Page[Any]) -> list[int | str]:
    """Give the page numbers around the present one, with … for what is left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag
def element(name: str) -> SafeString:
    """Load one custom element: `{% element "pdf" %}` brings vb-pdf."""
    return format_html('<script type="module" src="{}"></script>', staticfiles_storage.url(f"ui/elements/vb-{name}.js"))


register.filter("vn_date", vietnamese_date)
register.filter("vn_time", vietnamese_time)


@register.filter
def initials(name: str) -> str:
    """Take the last two words' first letters: Trần Thị Minh Châu → MC."""
    return "".join(word[0] for word in str(name).split()[-2:]).upper()


@register.filter
def plain(number: int | None) -> str:
    """Write an id or a year without a thousands dot."""
    return "" if number is None else str(number)


@register.filter
def thousands(number: float | None) -> str:
    """Write 1.204 in Vietnamese and 1,204 in English."""
    if number is None:
        return ""
    text = str(number)
    is_short = len(text) < 4 and text.isdecimal()  # noqa: PLR2004  # most of what a page counts: no format matters
    return text if is_short else formats.number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def percent(share: float | str | None) -> str:
    """Write a share of one as `64 %`."""
    return "" if share in (None, "") else f"{round(float(share) * 100)} %"


@register.filter
def is_doubtful(share: float | str | None) -> bool:
    """Tell whether a confidence is too low to be trusted unseen."""
    return share not in (None, "") and float(share) < CONFIDENT


@register.filter
def as_json(value: object) -> str:
    """Write a value for a data attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, default=str)


@register.filter
def bar_parts(value: Iterable[Any]) -> list[Part]:
    """Read parts given as tuples or as objects."""
    return as_parts(value)


@register.filter
def bar_slices(value: Iterable[Any]) -> list[Slice]:
    """Lay parts side by side on a bar of width 100."""
    return slices(as_parts(value))


@register.simple_tag
def receipt_key() -> str:
    """Make the key by which a second sending of the same form is recognised."""
    return str(uuid.uuid4())


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: object) -> str:
    """Give the present query string with some values changed; None drops one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def title_error(form: BaseForm | None) -> str:
    """Prefix a page's title when its form was refused."""
    return _("Error: ") if form is not None and form.is_bound and form.errors else ""


@register.simple_tag
def control(
    field: BoundField, hint: str = "", extra_class: str = "", page: object = "", box: object = ""
) -> SafeString:
    """Draw a form field's input with our class, its descriptions and the place it was read from."""
    attributes: dict[str, Any] = {}
    if not isinstance(field.field.widget, (CheckboxInput, CheckboxSelectMultiple, RadioSelect)):
        kept = field.field.widget.attrs.get("class", "")
        attributes["class"] = " ".join(word for word in ("v-input", extra_class, kept) if word)
    described = [f"{field.auto_id}-error"] * bool(field.errors) + [f"{field.auto_id}-hint"] * bool(
        hint or field.help_text
    )
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if page not in (None, ""):
        attributes["data-page"] = str(page)
    if box:
        attributes["data-box"] = box if isinstance(box, str) else json.dumps(box)
    return field.as_widget(attrs=attributes)


@register.filter
def is_choice_group(field: BoundField) -> bool:
    """Tell whether a field is several boxes, which want a fieldset instead of a label."""
    return isinstance(field.field.widget, (CheckboxSelectMultiple, RadioSelect))


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell whether a field is one box, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def first_id(field: BoundField) -> str:
    """Give the id that an error summary links to: the first box of a group, else the input."""
    return f"{field.auto_id}_0" if is_choice_group(field) else str(field.auto_id)
