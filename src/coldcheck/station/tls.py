"""Certificates for a hub without internet: a local authority that may speak for the hub's own name and nothing else.

Promises: the authority is constrained to one name, so that who steals its key cannot stand in for a bank; certificates
last a year. Does not: make anybody's phone trust it. That is for phones the production manages; a crew's own phones
should not have to.
"""

import plistlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from coldcheck.proof.errors import ColdcheckError

YEAR: Final = timedelta(days=365)
WARN_DAYS: Final = 21
BANNER_DAYS: Final = 7


class BadCertificate(ColdcheckError):
    """A certificate or key does not read, or does not fit the hub's name. The sentence says which; give another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate says: the names it is for, when it ends, and whether its issuer may speak for other names too."""

    names: tuple[str, ...]
    ends_at: datetime
    days_left: int


def make_local_ca(folder: Path, *, host: str, now: datetime | None = None) -> None:
    """Nothing; `folder` has ca.pem, ca.key, hub.pem, hub.key and a profile for managed phones, all new."""
    began = now or datetime.now(UTC)
    ca_key, hub_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Set authority for {host}")])
    ca = (
        _builder(ca_name, ca_name, ca_key.public_key(), began)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.NameConstraints(permitted_subtrees=[x509.DNSName(host)], excluded_subtrees=None), critical=True
        )
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    hub_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    hub = (
        _builder(hub_name, ca_name, hub_key.public_key(), began)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    _write(folder / "ca.pem", ca.public_bytes(pem))
    _write(folder / "ca.key", _private(ca_key))
    _write(folder / "hub.pem", hub.public_bytes(pem))
    _write(folder / "hub.key", _private(hub_key))
    _write(folder / "ca.mobileconfig", _profile(ca.public_bytes(serialization.Encoding.DER), host))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, began: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(began - timedelta(minutes=5))
        .not_valid_after(began + YEAR)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _profile(certificate: bytes, host: str) -> bytes:
    """A configuration profile for managed phones, with the authority's certificate in it."""
    inner = {
        "PayloadType": "com.apple.security.root", "PayloadVersion": 1, "PayloadIdentifier": f"set.{host}.ca",
        "PayloadUUID": str(uuid.uuid4()), "PayloadDisplayName": f"Set authority for {host}", "PayloadContent": certificate,
    }  # fmt: skip
    outer = {
        "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": f"set.{host}",
        "PayloadUUID": str(uuid.uuid4()), "PayloadDisplayName": f"Set network, {host}", "PayloadContent": [inner],
    }  # fmt: skip
    return plistlib.dumps(outer)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)


def take_own(folder: Path, *, certificate: Path, key: Path, host: str, now: datetime | None = None) -> None:
    """Nothing; the certificate and key lie in `folder`, read and found to fit. Raises BadCertificate."""
    try:
        chain, private = certificate.read_bytes(), key.read_bytes()
        loaded = x509.load_pem_x509_certificate(chain)
        public = serialization.load_pem_private_key(private, password=None).public_key()
    except OSError as problem:
        raise BadCertificate(
            f"{problem.filename} does not read ({problem.strerror}); give certificate and key as PEM."
        ) from problem
    except (ValueError, TypeError) as problem:
        raise BadCertificate(
            f"{certificate} or {key} does not read as PEM without a password; give both in that form."
        ) from problem
    said = read_certificate(certificate)
    moment = now or datetime.now(UTC)
    if not loaded.not_valid_before_utc <= moment < said.ends_at:
        raise BadCertificate(
            f"{certificate} counts from {loaded.not_valid_before_utc:%Y-%m-%d} to {said.ends_at:%Y-%m-%d}, which is not"
            " today; ask for one that does, or set this machine's clock."
        )
    if not any(covers(name, host) for name in said.names):
        raise BadCertificate(
            f"{certificate} is for {', '.join(said.names)} and not for {host}; ask for one of that name."
        )
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if public.public_bytes(*form) != loaded.public_key().public_bytes(*form):
        raise BadCertificate(f"{key} is not the key of {certificate}; give the two that belong together.")
    _write(folder / "hub.pem", chain)
    _write(folder / "hub.key", private)


def covers(name: str, host: str) -> bool:
    """Whether a certificate's name is `host`, or a wildcard for exactly one label before it."""
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])


def read_certificate(path: Path, *, now: datetime | None = None) -> Certificate:
    """What a PEM certificate says. Raises BadCertificate."""
    try:
        loaded = x509.load_pem_x509_certificate(path.read_bytes())
        names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except OSError as problem:
        raise BadCertificate(f"{path} does not read ({problem.strerror}); give the certificate as PEM.") from problem
    except ValueError as problem:
        raise BadCertificate(f"{path} is no certificate in PEM form; give another one.") from problem
    except x509.ExtensionNotFound as problem:
        raise BadCertificate(
            f"{path} names no host (subject alternative name), so no phone takes it; ask for one that does."
        ) from problem
    ends_at = loaded.not_valid_after_utc
    days_left = (ends_at - (now or datetime.now(UTC))).days
    return Certificate(names=tuple(names.get_values_for_type(x509.DNSName)), ends_at=ends_at, days_left=days_left)
