"""TLS to a checked address still proves the name."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.connectors.stub_http import PUBLIC, Reach, StubHttp, answer, redirect, serving
from workflows_app.connectors.safe_http import HttpPolicy

NAME = "secure.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file: a key and a certificate for NAME that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "secure.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def names_shown() -> list[str | None]:
    return []


@pytest.fixture
def stub(certificate: Path, names_shown: list[str | None]) -> Iterator[StubHttp]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names_shown.append(name)
    with serving(tls=context) as server:
        yield server


@pytest.fixture
def trusting(certificate: Path) -> HttpPolicy:
    return HttpPolicy(tls=ssl.create_default_context(cafile=certificate), total_seconds=5)


def test_the_name_stands_in_sni_while_the_address_is_dialled(
    stub: StubHttp, trusting: HttpPolicy, names_shown: list[str | None]
) -> None:
    stub.on("/", answer(b"hello"))
    reach = Reach(stub, policy=trusting)

    assert reach.client.request(f"https://{NAME}/").body == b"hello"
    assert names_shown == [NAME]
    assert reach.dialled == [(PUBLIC, 443)]


def test_a_certificate_for_another_name_is_refused(stub: StubHttp, trusting: HttpPolicy) -> None:
    error = Reach(stub, policy=trusting).failure("https://other.example/", method="POST")

    assert (error.code, error.retryable, error.unknown_outcome) == ("http.connection", False, False)
    assert "certificate" in str(error)
    assert stub.requests == []


def test_a_certificate_nobody_vouches_for_is_refused(stub: StubHttp) -> None:
    error = Reach(stub).failure(f"https://{NAME}/")

    assert "certificate" in str(error)
    assert stub.requests == []


def test_https_does_not_redirect_to_http(stub: StubHttp, trusting: HttpPolicy) -> None:
    stub.on("/", redirect(f"http://{NAME}/"))

    assert Reach(stub, policy=trusting).failure(f"https://{NAME}/").code == "http.redirect"
    assert stub.connections == 1


def test_a_handshake_that_hangs_ends_at_the_deadline() -> None:
    with serving() as plain:
        error = Reach(plain, policy=HttpPolicy(connect_seconds=0.2)).failure(f"https://{NAME}/")

    assert (error.code, error.unknown_outcome) == ("http.timeout", False)
