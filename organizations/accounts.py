"""How people come to their accounts: an administrator opens them, nobody signs up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """No signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
