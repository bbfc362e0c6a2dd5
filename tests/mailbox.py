"""A mail server on this machine, with the moods that mail servers have."""

import asyncio
import email
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SENDER = "baken@voorbeeld.example"


class Mailbox:
    """Keeps what it accepts; a test says what it refuses."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.refused: dict[str, str] = {}  # answer to an address, for ever
        self.moods: list[str] = []  # answers to the next letters; "drop", "drop after", "wait"
        self.connections = 0
        self.transports: list[Any] = []
        self.lock = threading.Lock()

    @property
    def by_recipient(self) -> Counter[str]:
        with self.lock:
            return Counter(to for to, _ in self.letters)

    async def handle_EHLO(  # noqa: N802 - the name that the library calls
        self, server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        self.transports.append(server.transport)
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, _session: Any, envelope: Any
    ) -> str:
        mood = self.moods.pop(0) if self.moods else ""
        if mood == "drop":
            server.transport.abort()
            return "421 gone"
        if mood == "wait":
            await asyncio.sleep(2)
        if mood[:1] in {"4", "5"}:
            return mood
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        with self.lock:
            self.letters += [(to, message) for to in envelope.rcpt_tos]
        if mood == "drop after":
            server.transport.abort()
        return "250 accepted"

    async def hang_up(self) -> None:
        """Close what clients left open."""
        for transport in self.transports:
            transport.abort()
        await asyncio.sleep(0.02)


@contextmanager
def mail_server(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[tuple[Mailbox, int]]:
    """Serve a mailbox on loopback; gives it and its port."""
    mailbox, port = Mailbox(), port or free_port()
    encryption = {"tls_context": tls, "require_starttls": True} if tls else {}
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **encryption)  # type: ignore[arg-type]
    controller.start()
    try:
        yield mailbox, port
    finally:
        asyncio.run_coroutine_threadsafe(mailbox.hang_up(), controller.loop).result(10)
        controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def certificate(folder: Path, *, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for this machine; gives what the server uses and what clients trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.voorbeeld.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), False)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return context, file
