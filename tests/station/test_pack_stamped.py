"""A pack with a time-stamp: an authority of our own on this machine answers, and what it says is held to the signature."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from coldcheck.station.cli import coldcheck
from coldcheck.station.ledger_files import play_into
from coldcheck.station.pack.folder import PDF, make_pack
from coldcheck.station.pack.other_readers import pdfsig_says
from coldcheck.station.pack.parts import Choices
from coldcheck.station.pack.printed import NoTimeStamp
from coldcheck.station.scenario import read_scenario
from coldcheck.station.verify import verify_path

DAY = Path(__file__).parent.parent / "scenarios" / "church_rehearsal.txt"
WHEN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CHOICES = Choices(incident="M-1", audience="agency", withhold=(), decided_by="upm", ask="upm")
Answer = Callable[[bytes], bytes]


def authority() -> DummyTimeStamper:
    """A time-stamp authority with a key made for this test."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Stamp Office")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(WHEN - timedelta(days=1000)).not_valid_after(WHEN + timedelta(days=9000))
        .add_extension(usage, critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(made.public_bytes(Encoding.DER)),
        tsa_key=asn1_keys.PrivateKeyInfo.load(secret),
        fixed_dt=WHEN,
    )


def token(question: bytes) -> bytes:
    reply = STAMPS.request_tsa_response(tsp.TimeStampReq.load(question))
    return bytes(reply.dump())


STAMPS = authority()


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            content = answer(asked[-1])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
            """Nothing on the screen."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stamp"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("church") / "church.ledger"
    play_into(path, read_scenario(DAY)).hub.store.close()
    return path


def packed(ledger: Path, out: Path, address: str) -> tuple[int, str]:
    done = CliRunner().invoke(
        coldcheck, ["pack", "--incident", "M-1", "-l", str(ledger), "-o", str(out), "--timestamp", address, "--json"]
    )
    return done.exit_code, done.output


def test_a_stamp_is_asked_for_by_hash_and_said_with_its_time_and_whose_it_is(ledger: Path, tmp_path: Path) -> None:
    seen: list[bytes] = []

    def answer(question: bytes) -> bytes:
        seen.append(question)
        return token(question)

    with served(answer) as address:
        code, printed = packed(ledger, tmp_path / "pack", address)
    assert (code, json.loads(printed)["stamped_by"]) == (0, address)
    report = verify_path(tmp_path / "pack", vkey=None)
    assert report.ok
    assert any("2026-03-02T12:00:00Z, by Common Name: Test Stamp Office" in said for said in report.unverified)
    # What leaves the machine is a question about a hash.
    for question in seen:
        assert len(question) < 200
        assert tsp.TimeStampReq.load(question)["message_imprint"]["hash_algorithm"]["algorithm"].native == "sha256"
    pdf = tmp_path / "pack" / PDF
    assert pdfsig_says(pdf) == "accepts"


def test_a_changed_byte_of_a_stamped_pack_is_refused(ledger: Path, tmp_path: Path) -> None:
    with served(token) as address:
        packed(ledger, tmp_path / "pack", address)
    pdf = tmp_path / "pack" / PDF
    content = bytearray(pdf.read_bytes())
    content[len(content) // 3] ^= 1
    pdf.write_bytes(content)
    assert not verify_path(tmp_path / "pack", vkey=None).ok


OLD = token(
    tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)},
            "nonce": 1,
            "cert_req": True,
        }
    ).dump()
)


@pytest.mark.parametrize("answer", [lambda _: b"", lambda _: b"<html>no</html>", lambda _: OLD])
def test_no_answer_and_one_to_another_question_make_no_pack(ledger: Path, tmp_path: Path, answer: Answer) -> None:
    with served(answer) as address, pytest.raises(NoTimeStamp, match="time-stamp"):
        make_pack(ledger, tmp_path / "pack", CHOICES, authority=address)
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/none", "file:///etc/hostname"])
def test_an_authority_that_is_not_there_is_one_sentence(ledger: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(NoTimeStamp, match=r"no answer|no address"):
        make_pack(ledger, tmp_path / "pack", CHOICES, authority=address)
    assert not (tmp_path / "pack").exists()


def test_a_pack_without_an_authority_says_that_it_has_no_time_stamp(ledger: Path, tmp_path: Path) -> None:
    packed(ledger, tmp_path / "pack", "")
    assert any("it has no time-stamp" in said for said in verify_path(tmp_path / "pack", vkey=None).unverified)
