"""What the gallery shows: examples of forms and steps, invented throughout and, being data, untranslated."""

from dataclasses import dataclass
from pathlib import Path

from django import forms


class ExampleForm(forms.Form):
    """A form with one field of each kind."""

    subject = forms.CharField(label="Trích yếu", help_text="Ghi như trên văn bản")
    due_date = forms.DateField(label="Hạn", help_text="Ví dụ 02/12/2026")
    lead = forms.ChoiceField(label="Chủ trì", choices=[("7", "Ban Tài chính"), ("8", "Văn phòng")])
    reason = forms.CharField(label="Lý do trả lại", widget=forms.Textarea(attrs={"rows": 2}), min_length=10)
    answer = forms.BooleanField(label="Yêu cầu văn bản trả lời", required=False)
    copies = forms.MultipleChoiceField(
        label="Để biết",
        choices=[("1", "Ban Tổ chức"), ("2", "Ủy ban Kiểm tra")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the example route."""

    name: str
    detail: str
    state: str


def example_steps() -> list[Step]:
    """Give a route with two steps done."""
    return [
        Step("Tiếp nhận, vào sổ", "Ngọc Lan, 11/11 08:20", "done"),
        Step("Trình lãnh đạo", "Thu Hà, 12/11 09:14", "done"),
        Step("Bút phê", "Minh Châu, hạn 24/11", "now"),
        Step("Xử lý", "Ban chủ trì, dự kiến 19/12", "next"),
        Step("Trả lời đơn vị", "Văn thư, dự kiến 22/12", "next"),
    ]


def icon_names() -> list[str]:
    """List the sprite's symbols."""
    return (Path(__file__).parent / "icons.txt").read_text(encoding="utf-8").split()
