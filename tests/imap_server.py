"""A small IMAP server on loopback, over TLS, with what a client that only reads needs (RFC 3501): for tests alone."""

from __future__ import annotations

import datetime as dt
import re
import socketserver
import ssl
import threading
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Account:
    """
    What lies in the one folder of the one account; `heard` is every command without its tag.

    `cut_at` is a UID to die at, `refused` a part of the commands that are answered by no.
    """

    user: str = "vanthu@example.vn"
    password: str = "mật: khẩu/@"
    folder: str = "INBOX"
    uid_validity: int = 7
    mails: dict[int, bytes] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    cut_at: int = 0
    refused: str = ""
    knows_plain: bool = True

    def put(self, raw: bytes) -> int:
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = raw
        return uid


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        if not self.server.starts_plain:
            self.to_tls()
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _space, command = line.decode("utf-8", "replace").rstrip("\r\n").partition(" ")
            self.server.account.heard.append(command)
            if not (self.refuses(tag, command) or self.answer(tag, command)):
                return

    def to_tls(self) -> None:
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")

    def say(self, line: str | bytes) -> None:
        self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")
        self.wfile.flush()

    def refuses(self, tag: str, command: str) -> bool:
        refused = self.server.account.refused
        if not refused or refused not in command:
            return False
        self.say(f"{tag} NO [UNAVAILABLE] not now")
        return True

    def answer(self, tag: str, command: str) -> bool:
        account, words = self.server.account, command.split()
        verb = " ".join(words[:2]).upper() if words[0].upper() == "UID" else words[0].upper()
        if verb == "STARTTLS":
            self.say(f"{tag} OK now")
            self.to_tls()
            return True
        if verb == "CAPABILITY":
            self.say(
                "* CAPABILITY IMAP4rev1" + " STARTTLS" * self.server.starts_plain + " AUTH=PLAIN" * account.knows_plain
            )
        elif verb == "AUTHENTICATE":
            self.say("+ ")
            if b64decode(self.rfile.readline()).decode() != f"\0{account.user}\0{account.password}":
                self.say(f"{tag} NO [AUTHENTICATIONFAILED] no")
                return True
        elif verb == "LOGIN" and not self.is_let_in(command):
            self.say(f"{tag} NO [AUTHENTICATIONFAILED] no")
            return True
        elif verb in {"SELECT", "EXAMINE"}:
            if f'"{account.folder}"' not in command:
                self.say(f"{tag} NO no such folder")
                return True
            self.say(f"* {len(account.mails)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {account.uid_validity}] valid")
        elif verb == "UID SEARCH":
            first = int(command.rsplit(maxsplit=1)[-1].partition(":")[0])
            newest = max(account.mails, default=0)  # n:* is the newest, even before n
            found = [uid for uid in account.mails if uid >= first or uid == newest]
            self.say(" ".join(["* SEARCH", *map(str, found)]))
        elif verb == "UID FETCH" and not self.fetch(int(words[2]), command.upper()):
            return False
        self.say(f"{tag} OK done")
        return verb != "LOGOUT"

    def is_let_in(self, command: str) -> bool:
        account = self.server.account
        said = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', command.partition(" ")[2])
        return [re.sub(r"\\(.)", r"\1", quoted) or bare for quoted, bare in said] == [account.user, account.password]

    def fetch(self, uid: int, command: str) -> bool:
        account = self.server.account
        if uid == account.cut_at and "BODY" in command:
            self.request.close()
            return False
        if raw := account.mails.get(uid):
            if "RFC822.SIZE" in command:
                self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            else:
                self.say(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}".encode() + b"\r\n" + raw + b")")
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self, account: Account, tls: ssl.SSLContext, *, starts_plain: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.account, self.tls, self.starts_plain = account, tls, starts_plain

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us hangs up: that is its good right."""


@contextmanager
def imap_server(account: Account, folder: Path, *, starts_plain: bool = False) -> Iterator[tuple[int, Path]]:
    """Its port, and the certificate that signs it."""
    certificate, key = _signed_by_itself(folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with _Server(account, tls, starts_plain=starts_plain) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1], certificate
        server.shutdown()


def _signed_by_itself(folder: Path) -> tuple[Path, Path]:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = dt.datetime.now(tz=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = builder.sign(key, hashes.SHA256())
    (folder / "mail.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "mail.key").write_bytes(secret)
    return folder / "mail.pem", folder / "mail.key"
