"""Components say what they are given, once, escaped, with icon and word."""

from dataclasses import fields
from datetime import date

import pytest
from django import forms
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from django_cotton import render_component

from ui.drawn import Row, row
from ui.gallery import ExampleForm, example_steps


@pytest.fixture(autouse=True)
def _in_vietnamese() -> object:
    with translation.override("vi"):
        yield


def draw(name: str, **values: object) -> str:
    return str(render_component(RequestFactory().get("/?tab=todo&page=2"), name, values))


class Rejecting(forms.Form):
    number = forms.CharField(label="Số", help_text="Như trên văn bản")
    kinds = forms.MultipleChoiceField(
        label="Loại", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )


class TestUrgency:
    @pytest.mark.parametrize(("value", "word"), [(1, "Khẩn"), (2, "Thượng khẩn"), (3, "Hỏa tốc")])
    def test_has_an_icon_and_a_word(self, value: int, word: str) -> None:
        drawn = draw("urgency", value=value)

        assert word in drawn
        assert "<svg" in drawn

    def test_is_silent_in_the_common_case(self) -> None:
        assert draw("urgency", value=0).strip() == ""


class TestDue:
    def test_says_overdue_in_words_and_sign(self) -> None:
        drawn = draw("due", at=date(2020, 1, 1))

        assert "v-due--late" in drawn
        assert "Quá hạn" in drawn
        assert "exclamation-circle-fill" in drawn

    def test_without_a_deadline_is_nothing(self) -> None:
        assert draw("due", at=None).strip() == ""


class TestField:
    def test_joins_label_hint_and_input(self) -> None:
        drawn = draw("field", field=Rejecting()["number"])

        assert '<label for="id_number">Số</label>' in drawn
        assert 'aria-describedby="id_number-hint"' in drawn
        assert 'id="id_number-hint">Như trên văn bản' in drawn

    def test_puts_the_error_between_label_and_input(self) -> None:
        form = Rejecting({})
        form.is_valid()

        drawn = draw("field", field=form["number"])

        assert drawn.index("<label") < drawn.index("id_number-error") < drawn.index("<input")
        assert 'aria-invalid="true"' in drawn
        assert 'aria-describedby="id_number-error id_number-hint"' in drawn

    def test_marks_doubt_and_the_place_it_was_read_from(self) -> None:
        drawn = draw("field", field=Rejecting()["number"], confidence=0.64, page=1, box=[0.1, 0.2, 0.3, 0.04])

        assert "v-field--doubt" in drawn
        assert "64 %" in drawn
        assert 'data-page="1"' in drawn
        assert 'data-box="[0.1, 0.2, 0.3, 0.04]"' in drawn

    def test_draws_several_boxes_as_a_group(self) -> None:
        drawn = draw("field", field=Rejecting()["kinds"])

        assert "<fieldset" in drawn
        assert "<legend>Loại</legend>" in drawn


class TestErrorSummary:
    def test_links_each_sentence_to_its_field(self) -> None:
        form = Rejecting({})
        form.is_valid()

        drawn = draw("error-summary", form=form)

        assert 'href="#id_number"' in drawn
        assert 'href="#id_kinds_0"' in drawn
        assert "còn 2 chỗ cần sửa" in drawn

    def test_of_a_form_in_order_is_nothing(self) -> None:
        assert draw("error-summary", form=Rejecting()).strip() == ""


class TestRow:
    def test_has_its_four_lines(self) -> None:
        drawn = draw(
            "row", url="/van-ban/5/", number="09/TTr-CĐP", subject="Về <máy> quét", issuer="CĐ phường", step="Bước 3/5",
            urgency=3, due=date(2020, 1, 1), from_name="Thu Hà", comment="Kính trình", pages=3, is_unread=True,
        )  # fmt: skip

        for words in (
            "09/TTr-CĐP",
            "Hỏa tốc",
            "Quá hạn",
            "CĐ phường",
            "Bước 3/5",
            "Thu Hà:",
            "Kính trình",
            "Chưa đọc.",
        ):
            assert words in drawn
        assert "Về &lt;máy&gt; quét" in drawn
        assert 'href="/van-ban/5/"' in drawn

    def test_escapes_each_of_its_words(self) -> None:
        facts = [field.name for field in fields(Row) if field.name not in {"urgency", "due", "is_unread", "is_current"}]
        hostile = "<b class='x' data-y=\"z\">&"

        drawn = row(Row(**{name: f"{hostile}{name}" for name in facts}))  # type: ignore[arg-type]

        assert len(facts) == 11
        assert hostile not in drawn
        assert "<b class=" not in drawn
        assert all(f"&amp;{name}" in drawn for name in facts)


class TestRoutingStrip:
    def test_marks_the_present_step_for_those_who_listen(self) -> None:
        drawn = draw("routing-strip", steps=example_steps())

        assert drawn.count('aria-current="step"') == 1
        assert drawn.count("đã xong") == 2


class TestHidden:
    def test_carries_version_and_receipt(self) -> None:
        drawn = draw("hidden", version=12345, receipt="0b0a")

        assert 'name="version" value="12345"' in drawn
        assert 'name="receipt_key" value="0b0a"' in drawn


class TestBar:
    def test_keeps_points_in_its_numbers_in_vietnamese(self) -> None:
        assert 'width="33.33"' in draw("bar", parts=[("done", 1), ("late", 2)], label="1 xong, 2 quá hạn")


class TestWholeForm:
    def test_draws_every_field_once(self) -> None:
        drawn = draw("form-fields", form=ExampleForm())

        assert [drawn.count(f'name="{name}"') for name in ("subject", "due_date", "lead", "reason", "answer")] == [
            1
        ] * 5


class TestErrorPage:
    def test_stands_without_a_request(self) -> None:
        drawn = get_template("ui/error.html").render(
            {"error_title": "Lỗi", "advice": "Thử lại", "code": "X7Q2", "status": 500}
        )

        assert "X7Q2" in drawn
