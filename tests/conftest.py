"""What every test may begin with."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as examples

from tests.left_over import end_open_transactions, forget_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django import DjangoDbBlocker, Settings

CHROMIUM = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
examples.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
examples.load_profile("untimed")
ROLES = {"vanthu_owner": "CREATEDB", "vanthu_app": "NOCREATEDB"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """
    Migrations take rights from the application's role: it exists before they run, on any server.

    On a throw-away server the office's own database is laid out already and empty: the test's is a copy of it.
    """
    if os.environ.get("VANTHU_THROW_AWAY") and not {"DATABASE_URL", "DATABASE_URL_FILE"} & os.environ.keys():
        connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        for role, right in ROLES.items():
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if not cursor.fetchone():
                try:
                    cursor.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER {right}")
                except psycopg.errors.UniqueViolation:  # another process of this run was quicker
                    continue


@pytest.fixture(autouse=True)
def _own_cache(settings: Settings) -> None:
    """Attempts to sign in are counted anew in every test."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture(autouse=True)
def _own_index(settings: Settings, tmp_path: Path) -> None:
    """No test finds what another one has left in the index."""
    settings.SEARCH_ROOT = tmp_path / "search-index"
    settings.SEARCH_URL = []  # whatever cluster the environment names is no test's


@pytest.fixture(autouse=True)
def _no_session_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits leaves no transaction open behind it, for the tables are emptied next, and no jobs."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        end_open_transactions()
        forget_jobs()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    from playwright.sync_api import sync_playwright  # only journeys need it

    # Playwright keeps an event loop in this thread; Django's guard against loops would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """
    `browser_page()` opens a window on the running office; each call is another person's browser.

    The test fails on any message about the content security policy and on any error in a script.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(**options: Any) -> Page:
        defaults = {"base_url": live_server.url, "locale": "vi-VN", "viewport": {"width": 1280, "height": 800}}
        context = browser.new_context(**{**defaults, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
