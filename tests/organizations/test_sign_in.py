"""Signing in and out and changing the password, by the door that people use, and what the office remembers of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from organizations.models import Role, User
from organizations.services import close_account
from tests.factories.organizations import MAKER, PASSWORD, make_person, make_unit

pytestmark = pytest.mark.django_db
OTHER = "mot-mat-khau-khac-2"


@pytest.fixture(autouse=True)
def no_attempts_yet(settings: Any) -> None:
    """Attempts are counted in the cache, which outlives a test."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(uuid4())}
    }


@pytest.fixture
def clerk() -> User:
    return make_person(make_unit("AH"), Role.CLERK, username="mai", full_name="Nguyễn Thị Mai", password=PASSWORD)


def sign_in(client: Client, username: str = "mai", password: str = PASSWORD) -> int:
    return client.post(reverse("account_login"), {"login": username, "password": password}).status_code


def acts(user: User) -> list[str]:
    rows = AuditEntry.objects.filter(target=f"organizations.user:{user.pk}").order_by("id")
    return [act.removeprefix("organizations.user.") for act in rows.values_list("act", flat=True)]


class TestSignIn:
    def test_with_user_name_and_password_leads_to_the_inbox_in_vietnamese(self, clerk: User) -> None:
        client = Client()

        answer = client.post(reverse("account_login"), {"login": "mai", "password": PASSWORD})

        assert answer["Location"] == reverse("desk:inbox")
        page = client.get(reverse("organizations:profile")).content.decode()
        assert 'lang="vi"' in page
        assert "Nguyễn Thị Mai" in page

    @pytest.mark.parametrize(("username", "password"), [("mai", "sai-mat-khau"), ("nobody", PASSWORD), ("", "")])
    def test_says_the_same_of_an_unknown_name_and_a_wrong_password(
        self, username: str, password: str, clerk: User
    ) -> None:
        client = Client()

        assert sign_in(client, username, password) == 200
        assert client.get(reverse("organizations:profile")).status_code == 302

    def test_is_refused_to_a_closed_account(self, clerk: User) -> None:
        close_account(user=clerk, actor=MAKER)
        client = Client()

        sign_in(client)

        assert client.get(reverse("organizations:profile")).status_code == 302

    def test_leads_on_only_within_the_office(self, clerk: User) -> None:
        url = f"{reverse('account_login')}?next=https://elsewhere.example/"

        answer = Client().post(url, {"login": "mai", "password": PASSWORD, "next": "https://elsewhere.example/"})

        assert answer["Location"] == reverse("desk:inbox")

    def test_gives_a_new_session(self, clerk: User) -> None:
        client = Client()
        client.get(reverse("account_login"))
        before = client.session.session_key

        sign_in(client)

        assert client.session.session_key != before

    def test_is_slowed_down_after_many_wrong_passwords(self, clerk: User) -> None:
        client = Client()
        for _attempt in range(10):
            sign_in(client, password="sai-mat-khau")

        sign_in(client)

        assert client.get(reverse("organizations:profile")).status_code == 302

    def test_nobody_signs_up(self) -> None:
        page = Client().get(reverse("account_signup"))

        assert "password1" not in page.content.decode()


class TestWhatIsRemembered:
    def test_signing_in_and_out(self, clerk: User) -> None:
        client = Client()

        sign_in(client)
        client.post(reverse("account_logout"))

        assert acts(clerk)[-2:] == ["signed_in", "signed_out"]
        assert AuditEntry.objects.latest("id").actor["name"] == "Nguyễn Thị Mai"

    def test_a_wrong_password_for_an_account_but_nothing_of_a_name_nobody_has(self, clerk: User) -> None:
        before = AuditEntry.objects.count()

        sign_in(Client(), password="sai-mat-khau")
        sign_in(Client(), username="nobody")

        assert acts(clerk)[-1] == "sign_in_refused"
        assert AuditEntry.objects.count() == before + 1
        assert "sai-mat-khau" not in str(AuditEntry.objects.latest("id").data)


class TestChangePassword:
    def test_ends_the_other_sessions_and_keeps_this_one(self, clerk: User) -> None:
        here, elsewhere = Client(), Client()
        sign_in(here)
        sign_in(elsewhere)

        facts = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
        answer = here.post(reverse("account_change_password"), facts)

        assert answer.status_code == 302
        assert here.get(reverse("organizations:profile")).status_code == 200
        assert elsewhere.get(reverse("organizations:profile")).status_code == 302
        assert acts(clerk)[-1] == "password_changed"

    @pytest.mark.parametrize(
        "facts",
        [
            {"oldpassword": "sai-mat-khau", "password1": OTHER, "password2": OTHER},
            {"oldpassword": PASSWORD, "password1": OTHER, "password2": "khac-nhau-3"},
            {"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"},
            {"oldpassword": PASSWORD, "password1": "ngan", "password2": "ngan"},
        ],
    )
    def test_is_refused_in_words(self, facts: dict[str, str], clerk: User) -> None:
        client = Client()
        sign_in(client)

        answer = client.post(reverse("account_change_password"), facts)

        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert User.objects.get(pk=clerk.pk).check_password(PASSWORD)
