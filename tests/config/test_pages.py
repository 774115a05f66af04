"""Headers, sign-in and health as whoever stands outside sees them."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from organizations.models import Role, User
from tests.factories.organizations import make_person, make_unit

if TYPE_CHECKING:
    from pytest_django import Settings

LOGIN, PASSWORD, OTHER = "/tai-khoan/login/", "mat-khau-thu-nghiem-1", "mot-mat-khau-khac-2"
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return make_person(make_unit("CF"), Role.CLERK, username="mai", password=PASSWORD)


def sign_in(client: Client, password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": "mai", "password": password}).status_code


class TestHeaders:
    @pytest.mark.parametrize("path", [LOGIN, "/livez", "/khong-co/", "/van-ban/tiep-nhan/"])
    def test_every_answer_is_guarded(self, client: Client, path: str) -> None:
        headers = client.get(path).headers

        policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ")}
        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == ["'self'"]
        assert policy["frame-ancestors"] == ["'none'"]
        assert "unsafe" not in str(policy)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"

    def test_pages_are_vietnamese_whatever_the_browser_prefers(self, client: Client) -> None:
        answer = client.get(LOGIN, headers={"accept-language": "en-US"})

        assert '<html lang="vi"' in answer.content.decode()


class TestSignIn:
    def test_a_person_comes_in_and_goes(self, client: Client, clerk: User) -> None:
        assert sign_in(client) == HTTPStatus.FOUND
        assert client.get("/").status_code == HTTPStatus.OK

        client.post("/tai-khoan/logout/")

        assert client.get("/").status_code == HTTPStatus.FOUND

    def test_a_closed_account_is_refused(self, client: Client, clerk: User) -> None:
        User.objects.filter(pk=clerk.pk).update(is_active=False)

        sign_in(client)

        assert client.get("/").status_code == HTTPStatus.FOUND

    def test_a_new_password_ends_the_other_sessions(self, client: Client, clerk: User) -> None:
        elsewhere = Client()
        sign_in(client)
        sign_in(elsewhere)

        form = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
        answer = client.post("/tai-khoan/password/change/", form)

        assert answer.status_code == HTTPStatus.FOUND
        assert client.get("/").status_code == HTTPStatus.OK
        assert elsewhere.get("/").status_code == HTTPStatus.FOUND

    def test_guessing_is_slowed_down(self, client: Client, clerk: User) -> None:
        for number in range(10):
            sign_in(client, f"doan-mo-{number}")

        sign_in(client)

        assert client.get("/").status_code == HTTPStatus.FOUND

    @pytest.mark.parametrize("page", ["signup", "password/reset", "email", "password/set"])
    def test_nobody_opens_an_account_alone(self, client: Client, page: str) -> None:
        assert client.get(f"/tai-khoan/{page}/").status_code == HTTPStatus.NOT_FOUND
        assert client.post(f"/tai-khoan/{page}/", {"username": "x"}).status_code == HTTPStatus.NOT_FOUND

    def test_passwords_are_kept_as_owasp_advises(self, clerk: User) -> None:
        assert identify_hasher(clerk.password).algorithm == "argon2"
        assert "$argon2id$v=19$m=19456,t=2,p=1$" in clerk.password
        begun = time.process_time()
        assert clerk.check_password(PASSWORD)
        assert time.process_time() - begun < 0.25


class TestHealth:
    def test_a_process_says_that_it_lives(self, client: Client) -> None:
        assert client.get("/livez").content == b"ok"

    def test_an_office_says_that_it_can_work(self, client: Client) -> None:
        answer = client.get("/readyz")

        assert answer.status_code == HTTPStatus.OK
        assert answer.json() | {"database": True, "tables": True, "disk": True} == answer.json()

    def test_a_full_disk_is_said(self, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("config.health.LEAST_FREE_BYTES", 1 << 62)

        answer = client.get("/readyz")

        assert (answer.status_code, answer.json()["disk"]) == (HTTPStatus.SERVICE_UNAVAILABLE, False)
