"""A mailbox as a place: where it is, what lies in it since the last look, and the bytes of a mail. Nothing in it is changed."""

from __future__ import annotations

import imaplib
import re
import ssl
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMES = {"imaps": 993, "imap+tls": 143}
PATIENCE_SECONDS = 30
OUTAGES = (OSError, imaplib.IMAP4.error)  # what ends a look, and is no fault of a mail


class WrongAddress(Exception):
    """The setting is no address of a mailbox that is reached over TLS, or names no unit."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An account's folder, and the unit whose papers come there."""

    host: str
    port: int
    is_tls_at_once: bool
    user: str
    password: str
    folder: str
    unit: str

    def __str__(self) -> str:
        """Without the password: for rows, logs and answers."""
        return f"{self.user}@{self.host}/{self.folder}"


def mailbox(address: str) -> Mailbox:
    """
    Read `imaps://user:password@host:993/INBOX?unit=CODE`.

    :raises WrongAddress: without telling what was wrong in it, since it holds a password
    """
    try:
        parts = urlsplit(address)
        unit = parse_qs(parts.query).get("unit", [""])[0]
        port = parts.port
    except ValueError as broken:
        raise WrongAddress from broken
    if parts.scheme not in SCHEMES or not (parts.hostname and parts.username and unit):
        raise WrongAddress
    return Mailbox(
        host=parts.hostname, port=port or SCHEMES[parts.scheme], is_tls_at_once=parts.scheme == "imaps",
        user=unquote(parts.username), password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX", unit=unit,
    )  # fmt: skip


class Refused(imaplib.IMAP4.error):
    """The server says no, which must not be taken for an empty mail or none."""


class Opened:
    """A mailbox that is being looked at."""

    def __init__(self, server: imaplib.IMAP4, uid_validity: int) -> None:
        self._server, self.uid_validity = server, uid_validity

    def uids_after(self, last: int) -> list[int]:
        """What came since, in the order in which it came; `n:*` always names the newest, so it is held against `last`."""
        found = self._uid("SEARCH", f"UID {last + 1}:*")
        return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > last)

    def size_of(self, uid: int) -> int:
        """Bytes of a mail; 0 for one that was deleted meanwhile."""
        found = self._uid("FETCH", str(uid), "(RFC822.SIZE)")
        match = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(_lines(found)))
        return int(match.group(1)) if match else 0

    def bytes_of(self, uid: int) -> bytes:
        """A mail as it came, nothing for one that was deleted meanwhile; it stays unread for people."""
        found = self._uid("FETCH", str(uid), "(BODY.PEEK[])")
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    def _uid(self, *words: str) -> list[Any]:
        """
        What the server answers.

        :raises Refused: if it says no
        """
        answer, found = self._server.uid(*words)
        if answer != "OK":
            raise Refused(found)
        return found


def _lines(found: list[object]) -> list[bytes]:
    return [part if isinstance(part, bytes) else part[0] for part in found if isinstance(part, (bytes, tuple))]


@contextmanager
def opened(box: Mailbox, *, authority: str) -> Iterator[Opened]:
    """
    Sign in over TLS and open the folder for reading alone.

    :param authority: file of who signed the server's certificate; empty for those whom the system knows
    :raises OUTAGES: if the server cannot be reached, is not who it says, or does not let the office in
    """
    trust = ssl.create_default_context(cafile=authority or None)
    if box.is_tls_at_once:
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=trust, timeout=PATIENCE_SECONDS)
    else:
        server = imaplib.IMAP4(box.host, box.port, timeout=PATIENCE_SECONDS)
        server.starttls(trust)
    with server:
        _sign_in(server, box)
        answer, said = server.select(folder_name(box.folder), readonly=True)
        if answer != "OK":
            raise imaplib.IMAP4.error(said)
        _name, validity = server.response("UIDVALIDITY")
        yield Opened(server, int((validity or [None])[0] or 0))


def _sign_in(server: imaplib.IMAP4, box: Mailbox) -> None:
    """By PLAIN where the server knows it, since LOGIN takes ASCII alone; over TLS both are as good."""
    if "AUTH=PLAIN" in server.capabilities:
        words = f"\0{box.user}\0{box.password}".encode()
        server.authenticate("PLAIN", lambda _challenge: words)
        return
    try:
        server.login(box.user, box.password)
    except UnicodeEncodeError as refusal:
        raise imaplib.IMAP4.error("this server takes passwords of ASCII alone") from refusal


def folder_name(name: str) -> str:
    """A folder's name as the protocol writes it: quoted, and other letters than ASCII in its own UTF-7 (RFC 3501, 5.1.3)."""
    parts = re.findall(r"[ -~]+|[^ -~]+", name)
    written = "".join(
        part.replace("&", "&-") if part.isascii() and part.isprintable() else _shifted(part) for part in parts
    )
    quoted = written.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _shifted(part: str) -> str:
    return "&" + b64encode(part.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
