"""The PDF: set by Typst as PDF/A-3b, the same bytes for the same data, then signed once over the whole file.

Both libraries are imported when they are needed, and their absence is one sentence. The signature is an addition at the
end: the file up to it is the unsigned PDF, byte for byte.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from coldcheck.proof.errors import ColdcheckError

FIELD: Final = "Pack"
_DAYS: Final = 3650


class MissingPart(ColdcheckError):
    """A part that only packs need is not installed. Install requirements/pack.txt."""


class NoTimeStamp(ColdcheckError):
    """No time-stamp came, so no pack was made. Make it without one, or try again; the ledger's checkpoint stands either way."""


class BadSigner(ColdcheckError):
    """The file named with --key holds no P-256 key with its certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs a PDF: a P-256 key and its certificate, both as PEM."""

    key_pem: bytes
    certificate_pem: bytes


def read_signer(path: Path) -> Signer:
    """The key and certificate in one PEM file. Raises BadSigner."""
    try:
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content, password=None)
        certificate = x509.load_pem_x509_certificate(content)
    except (OSError, ValueError, TypeError) as problem:
        raise BadSigner(
            f"{path} holds no open private key with its certificate; name a PEM file with both."
        ) from problem
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadSigner(f"{path} holds no P-256 key; PDF readers check no other kind of ours.")
    return Signer(key_pem=_pem(key), certificate_pem=certificate.public_bytes(serialization.Encoding.PEM))


def new_signer(*, at: str) -> Signer:
    """A key made for one pack, with a certificate by itself that says so. It proves that nothing changed, not by whom."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Key made for one evidence pack, known to nobody")])
    start = datetime.fromisoformat(at).astimezone(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - timedelta(days=1))
        .not_valid_after(start + timedelta(days=_DAYS))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return Signer(key_pem=_pem(key), certificate_pem=certificate.public_bytes(serialization.Encoding.PEM))


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def set_pdf(document: dict[str, Any], *, bundle: bytes, archive: bytes, at: str) -> bytes:
    """The unsigned PDF/A-3b of `document`, with the bundle attached; `at` is the only date in it. Raises MissingPart."""
    try:
        import typst  # noqa: PLC0415  # heavy, and only packs need it
    except ImportError as problem:
        raise MissingPart("Typst is not installed, so no PDF can be set; install requirements/pack.txt.") from problem
    template = resources.files("coldcheck.station.pack").joinpath("pack.typ").read_bytes()
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pack.typ").write_bytes(template)
        (root / "document.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        (root / "bundle.json").write_bytes(bundle)
        (root / "bundle.zip").write_bytes(archive)
        pdf = typst.compile(
            str(root / "pack.typ"),
            root=folder,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["a-3b"],
            timestamp=int(datetime.fromisoformat(at).timestamp()),
            pdf_tags=False,
        )
    assert isinstance(pdf, bytes), "one PDF comes back as bytes"
    return pdf


def set_pages(template: bytes, pages: dict[str, Any]) -> bytes:
    """The PDF of a template that reads `pages.json`; no date in it: the same pages are the same bytes. Raises MissingPart."""
    try:
        import typst  # noqa: PLC0415  # heavy, as above
    except ImportError as problem:
        raise MissingPart("Typst is not installed, so no paper can be set; install requirements/pack.txt.") from problem
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pages.typ").write_bytes(template)
        (root / "pages.json").write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
        pdf = typst.compile(
            str(root / "pages.typ"), root=folder, format="pdf", ignore_system_fonts=True, timestamp=0, pdf_tags=False
        )
    assert isinstance(pdf, bytes), "one PDF comes back as bytes"
    return pdf


def sign_pdf(pdf: bytes, signer: Signer, *, at: str, authority: str = "") -> bytes:
    """`pdf` with one signature over the whole of it, stamped by the authority at an address if one is given.

    Raises MissingPart, or NoTimeStamp where the authority gave none.
    """
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  # heavy, as above
        from pyhanko.sign import signers  # noqa: PLC0415
        from pyhanko.sign.fields import MDPPerm  # noqa: PLC0415
    except ImportError as problem:
        raise MissingPart(
            "pyHanko is not installed, so no PDF can be signed; install requirements/pack.txt."
        ) from problem
    with TemporaryDirectory() as folder:
        key, certificate = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        key.touch(mode=0o600)
        key.write_bytes(signer.key_pem)
        certificate.write_bytes(signer.certificate_pem)
        simple = signers.SimpleSigner.load(str(key), str(certificate))  # type: ignore[no-untyped-call]  # theirs
    assert simple is not None, "the key was read before"
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, md_algorithm="sha256",
        reason=f"Evidence pack as of {at}",
    )  # fmt: skip
    out = BytesIO()
    with _asked(authority) as stamper:
        signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, simple, timestamper=stamper, output=out)
    return out.getvalue()


@contextmanager
def _asked(authority: str) -> Iterator[Any]:
    """The time-stamp authority at an address, None for none. Raises NoTimeStamp where what it answers is no token."""
    if not authority:
        yield None
        return
    from coldcheck.station.pack.stamped import Authority  # noqa: PLC0415  # heavy, as above

    try:
        yield Authority(authority)
    except (ValueError, OSError, LookupError, TypeError, AttributeError) as problem:
        # Whatever an answer that is no token, or one to another question, makes the library say.
        raise NoTimeStamp(f"What {authority} answered is no time-stamp of this pack ({problem}).") from problem
