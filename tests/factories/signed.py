"""A PDF with a digital signature of a key made on the spot, and the check that it still holds."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import pikepdf
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from pikepdf import Array, Dictionary, Name, String

ROOM = 4096  # bytes kept free for the signature
_KEY_BYTES = 256
_RANGE = rb"/ByteRange \[ (\d+) (\d+) (\d+) (\d+) \]"
_UNKNOWN = 9_999_999_999
_PLAIN = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoAttributes]


@dataclass(frozen=True, slots=True)
class Signer:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


@cache
def signer() -> Signer:
    key = rsa.generate_private_key(public_exponent=65537, key_size=8 * _KEY_BYTES)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Người ký thử")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=3650))
    return Signer(key, builder.sign(key, SHA256()))


def signed(data: bytes) -> bytes:
    """The PDF with a signature over all of it, a visible stamp in a font that is not embedded, and what belongs to them."""
    prepared = _prepared(data)
    at = prepared.index(b"<" + b"00" * ROOM + b">")
    end = at + 2 * ROOM + 2
    found = re.search(_RANGE, prepared)
    assert found
    numbers = f"/ByteRange [ 0 {at} {end} {len(prepared) - end} ]".encode().ljust(len(found[0]))
    prepared = prepared[: found.start()] + numbers + prepared[found.end() :]
    one = signer()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(prepared[:at] + prepared[end:])
    seal = builder.add_signer(one.certificate, one.key, SHA256()).sign(Encoding.DER, _PLAIN)
    return prepared[: at + 1] + seal.hex().encode().ljust(2 * ROOM, b"0") + prepared[end - 1 :]


def _prepared(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        value = pdf.make_indirect(
            Dictionary(
                Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), SubFilter=Name("/adbe.pkcs7.detached"),
                ByteRange=Array([0, _UNKNOWN, _UNKNOWN, _UNKNOWN]), Contents=String(b"\0" * ROOM),
            )
        )  # fmt: skip
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica"))
        stamp = pdf.make_stream(b"BT /F1 8 Tf 4 4 Td (Signed by somebody) Tj ET")
        stamp.Type, stamp.Subtype, stamp.BBox = Name.XObject, Name.Form, Array([0, 0, 150, 40])
        stamp.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("Signature1"), V=value, F=132,
                Rect=Array([400, 20, 550, 60]), AP=Dictionary(N=stamp),
            )
        )  # fmt: skip
        pdf.pages[0].obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        pdf.Root.Perms = Dictionary(DocMDP=value)
        pdf.Root.DSS = pdf.make_indirect(Dictionary(Type=Name.DSS))
        pdf.Root.Extensions = Dictionary(ADBE=Dictionary(BaseVersion=Name("/1.7"), ExtensionLevel=8))
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return out.getvalue()


def signature_holds(data: bytes) -> bool:
    """Whether the bytes are those that were signed."""
    found = re.search(_RANGE, data)
    if found is None:
        return False
    first, length, second, rest = (int(number) for number in found.groups())
    der = bytes.fromhex(data[first + length + 1 : second - 1].decode())
    size = int.from_bytes(der[2:4]) + 4  # a sequence with a length of two bytes
    value = der[:size][-_KEY_BYTES:]
    content = data[first : first + length] + data[second : second + rest]
    try:
        signer().key.public_key().verify(value, content, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return second + rest == len(data)
