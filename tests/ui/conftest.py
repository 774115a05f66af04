"""A browser and a signed-in clerk for the tests of this room."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(autouse=True)
def _working_tree_is_served(settings: Any) -> None:
    """Serve the files as they are here: hashed copies of an earlier day may lie in STATIC_ROOT."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open a page as a signed-in clerk (or, with `visitor`, as nobody); it fails the test on any CSP message or crash."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str, *, visitor: bool = False, **options: Any) -> Page:
        context = browser.new_context(**{"locale": "vi-VN", "viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        if not visitor:
            context.add_cookies([{"name": "sessionid", "value": signed_in(), "url": live_server.url}])
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        response = page.goto(f"{live_server.url}{path}")
        assert response is not None
        assert "script-src 'self'" in response.headers["content-security-policy"]
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def signed_in() -> str:
    """Sign a clerk in and return the session's key."""
    manager = get_user_model()._default_manager
    clerk = manager.filter(username="nhung").first() or manager.create_user("nhung", full_name="Mai Thị Hồng Nhung")
    client = Client()
    client.force_login(clerk)
    return client.session.session_key or ""


@pytest.fixture(scope="session")
def axe() -> str:
    return next(Path(__file__).parents[1].glob("vendor/axe-core-*/axe.min.js")).read_text(encoding="utf-8")
