"""
Clerks at their browsers: they sign in, take scans in and register them, and write down what the office acknowledged.

Like people they try again when the office does not answer, with the same form; like people they give up in the end. Their
diary lies outside the office's folder: it is the truth that the office is held against.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from dataclasses import asdict, dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from bench.faulting.scans import scan
from tests.factories.offices import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAUSE, ANSWER_SECONDS, PATIENCE_SECONDS = 0.2, 20, 150
NUMBER = re.compile(r"(?:số đến|arrival number) (\d+)")


class Refused(Exception):
    """The office answered what it must not answer."""


class NoAnswer(Exception):
    """The office does not answer now: it may have done what it was asked, or not."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The office said that it has these bytes, as this paper."""

    clerk: str
    document: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Registered:
    """The office said that this paper has its number; `number` is None if the page that says which did not come."""

    clerk: str
    document: int
    number: int | None


class Diary:
    """A file of acknowledged acts, durable before the clerk goes on."""

    def __init__(self, path: Path) -> None:
        self._file, self._lock = path.open("a+"), threading.Lock()

    def note(self, act: Uploaded | Registered) -> None:
        with self._lock:
            self._file.write(json.dumps({"act": type(act).__name__, **asdict(act)}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def read(self) -> tuple[list[Uploaded], list[Registered]]:
        """What was acknowledged, from the file itself."""
        self._file.seek(0)
        acts = [json.loads(line) for line in self._file]
        kinds: dict[str, list[Any]] = {"Uploaded": [], "Registered": []}
        for act in acts:
            kind = act.pop("act")
            kinds[kind].append({"Uploaded": Uploaded, "Registered": Registered}[kind](**act))
        return kinds["Uploaded"], kinds["Registered"]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Clerk:
    """One person at one browser; `doing` is what they wait for an answer to."""

    def __init__(self, port: int, user: str, diary: Diary) -> None:
        self.user, self.doing, self.answers = user, "", Counter[int]()
        self._port, self._diary = port, diary
        self._cookies = CookieJar()
        self._browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies), _NoRedirect(), urllib.request.ProxyHandler({})
        )

    def sign_in(self) -> None:
        """:raises Refused: if the office does not know them"""
        page = reverse("account_login")
        self._insist(lambda: self._get(page, 200))
        form = {"login": self.user, "password": PASSWORD}
        self._insist(lambda: self._post(page, form, 302))

    def take_in(self, mark: str) -> int:
        """Upload one scan; returns its paper."""
        data, page = scan(mark), reverse("documents:intake")
        self._insist(lambda: self._get(page, 200))
        form = {"secrecy": "none", "receipt_key": str(uuid.uuid4())}
        answer = self._insist(lambda: self._send_file(page, form, f"{mark}.pdf", data), "upload")
        document = int(re.findall(r"\d+", json.loads(answer.body)["url"])[0])
        self._diary.note(Uploaded(self.user, document, hashlib.sha256(data).hexdigest()))
        return document

    def register(self, document: int, mark: str) -> None:
        """Say what the paper is and give it its number, with one button."""
        form = self._form(document) | {"number": str(document), "symbol": f"KH-{mark}"}
        form |= {"issuer": "Liên đoàn Lao động tỉnh An Hòa", "subject": f"Kế hoạch {mark}", "urgency": "0"}
        page = reverse("workflow:register", args=[document])
        answer = self._insist(lambda: self._post(page, form, 302), "registration")
        number = self._number_on(answer.location)
        self._diary.note(Registered(self.user, document, number))

    def download(self, document: int, file: int) -> str:
        """The hash of the bytes that the office gives back."""
        page = reverse("documents:file", args=[document, file])
        return hashlib.sha256(self._insist(lambda: self._get(page, 200)).body).hexdigest()

    def _form(self, document: int) -> dict[str, str]:
        page = self._insist(lambda: self._get(reverse("documents:confirm", args=[document]), 200)).text
        found = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("version", "receipt_key")}
        return {name: match.group(1) for name, match in found.items() if match}

    def _number_on(self, page: str) -> int | None:
        try:
            said = NUMBER.search(self._get(page, 200).text)
        except NoAnswer:
            return None
        return int(said.group(1)) if said else None

    def _insist(self, act: Callable[[], Answer], doing: str = "") -> Answer:
        """
        Try until there is an answer.

        :raises NoAnswer: after some minutes
        """
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            self.doing = doing
            try:
                return act()
            except NoAnswer:
                if time.monotonic() > end:
                    raise
            finally:
                self.doing = ""
            time.sleep(PAUSE)

    def _get(self, page: str, wanted: int) -> Answer:
        return self._ask(self._request(page), wanted)

    def _post(self, page: str, form: dict[str, str], wanted: int) -> Answer:
        data = urllib.parse.urlencode(form).encode()
        return self._ask(self._request(page, data, self._headers()), wanted)

    def _send_file(self, page: str, form: dict[str, str], name: str, data: bytes) -> Answer:
        edge = uuid.uuid4().hex
        fields = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in form.items()
        )
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body = fields.encode() + head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}", "Accept": "application/json"}
        return self._ask(self._request(page, body, self._headers() | kind), 201)

    def _request(
        self, page: str, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> urllib.request.Request:
        return urllib.request.Request(f"http://127.0.0.1:{self._port}{page}", data, headers or {})

    def _headers(self) -> dict[str, str]:
        return {"X-CSRFToken": next((cookie.value or "" for cookie in self._cookies if cookie.name == "csrftoken"), "")}

    def _ask(self, request: urllib.request.Request, wanted: int) -> Answer:
        try:
            with self._browser.open(request, timeout=ANSWER_SECONDS) as came:
                answer = Answer(came.status, "", came.read())
        except urllib.error.HTTPError as told:
            answer = Answer(told.code, told.headers.get("Location", ""), _rest(told))
        except (OSError, HTTPException) as broken:
            raise NoAnswer(str(broken)) from broken
        self.answers[answer.status] += 1
        if answer.status >= 500:
            raise NoAnswer(f"{answer.status} for {request.full_url}")
        if answer.status != wanted or answer.location.startswith(reverse("account_login")):
            raise Refused(f"{self.user}: {answer.status} for {request.full_url}: {answer.text[-2000:]}")
        return answer


def _rest(told: urllib.error.HTTPError) -> bytes:
    try:
        return told.read()
    except (OSError, HTTPException) as broken:
        raise NoAnswer(str(broken)) from broken
