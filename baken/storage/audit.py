"""The audit chain: what was done, by whom, in an order that cannot be changed unseen.

One chain for each organisation and one for the installation. Every entry carries the hash of the
one before; a changed, moved or removed entry breaks the chain at that place. Facts are counts and
identifiers. What concerns a person goes into `private` and is kept as a salted hash only: deleting
the salt forgets it without breaking the chain.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Uuid, func, select
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned
from baken.storage.session import Session
from baken.storage.types import Instant, Json

START = b"\0" * 32


class _Entry:
    """Columns of an entry, whichever chain it stands in."""

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    private_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditEntry(_Entry, OrganisationOwned, Base):
    """One entry in the chain of an organisation."""

    __tablename__ = "audit_entry"
    organisation_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("organisation.id"), primary_key=True
    )


class InstallationEntry(_Entry, Base):
    """One entry in the chain of the installation: log-ins, new organisations."""

    __tablename__ = "installation_entry"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a chain found.

    `first_bad` is the sequence number of the first entry that does not fit, or None.
    """

    n_entries: int
    first_bad: int | None
    head: str


def record(
    session: Session,
    action: str,
    *,
    by: UUID | None,
    subject: str,
    facts: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Add one entry to the chain of the session's organisation (or of the installation).

    Parameters
    ----------
    by : UUID or None
        The person who acted; None for the installation itself.
    facts : mapping, optional
        Counts and identifiers, readable for ever. Nothing about a person.
    private : mapping, optional
        What concerns a person; only its salted hash is kept.
    """
    last = _lock_last(session)
    salt = secrets.token_bytes(16) if private else None
    values: dict[str, Any] = {
        "seq": (last.seq if last else 0) + 1,
        # microseconds do not survive every database driver alike
        "at": (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0),
        "actor": by,
        "action": action,
        "subject": subject,
        "facts": json.loads(json.dumps(dict(facts or {}))),
        "private_hash": _hash_private(salt, private) if salt and private else None,
        "salt": salt,
        "previous": last.hash if last else START,
    }
    chain = _chain_of(session)
    entry = InstallationEntry(**values) if session.organisation_id is None else AuditEntry(**values)
    entry.hash = _hash(chain, entry)
    session.add(entry)
    session.flush()


def verify(session: Session, *, head: str | None = None) -> Verdict:
    """Recompute the chain of the session's organisation (or of the installation).

    Parameters
    ----------
    head : str, optional
        A head noted earlier (``seq:hash``); a chain cut off before it is reported as bad there.
    """
    chain = _chain_of(session)
    previous, expected, last = START, 1, f"0:{START.hex()}"
    noted_seq, noted_hash = _read_head(head)
    first_bad: int | None = None
    n_entries = 0
    for entry in session.scalars(_entries(session)):
        n_entries += 1
        fits = (
            entry.seq == expected
            and entry.previous == previous
            and entry.hash == _hash(chain, entry)
            and (entry.seq != noted_seq or entry.hash.hex() == noted_hash)
        )
        if not fits and first_bad is None:
            first_bad = expected
        previous, expected, last = entry.hash, entry.seq + 1, f"{entry.seq}:{entry.hash.hex()}"
    if first_bad is None and noted_seq >= expected:
        first_bad = expected
    return Verdict(n_entries=n_entries, first_bad=first_bad, head=last)


def list_entries(session: Session, *, limit: int = 200) -> list[AuditEntry]:
    """Return the newest entries of the session's organisation, newest first."""
    newest = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    return list(session.scalars(newest))


def list_about(session: Session, subject: str) -> list[AuditEntry]:
    """Return what was done to one subject of the session's organisation, newest first."""
    newest = select(AuditEntry).where(AuditEntry.subject == subject)
    return list(session.scalars(newest.order_by(AuditEntry.seq.desc())))


def last_acts(session: Session, kind: str) -> dict[str, datetime]:
    """Return when the last act about each subject of a kind was, by its identifier."""
    acts = select(AuditEntry.subject, func.max(AuditEntry.at)).group_by(AuditEntry.subject)
    found = session.execute(acts.where(AuditEntry.subject.startswith(f"{kind}:", autoescape=True)))
    return {subject.partition(":")[2]: at for subject, at in found}


def _entries(session: Session) -> Any:
    model: Any = InstallationEntry if session.organisation_id is None else AuditEntry
    return select(model).order_by(model.seq)


def _lock_last(session: Session) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        # A row lock is not enough: whoever waited for it would still see the row that was last.
        number = int.from_bytes(_chain_of(session).encode()[:7], "big")
        session.execute(select(func.pg_advisory_xact_lock(number)))
    model: Any = InstallationEntry if session.organisation_id is None else AuditEntry
    return session.scalars(select(model).order_by(model.seq.desc()).limit(1)).first()


def _chain_of(session: Session) -> str:
    return session.organisation_id.hex if session.organisation_id else "installation"


def _read_head(head: str | None) -> tuple[int, str]:
    if not head:
        return 0, ""
    seq, _, digest = head.partition(":")
    return int(seq), digest


def _hash_private(salt: bytes, private: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(salt + _canonical(dict(private))).digest()


def _hash(chain: str, entry: _Entry) -> bytes:
    content = {
        "chain": chain,
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": entry.actor.hex if entry.actor else None,
        "action": entry.action,
        "subject": entry.subject,
        "facts": entry.facts,
        "private_hash": entry.private_hash.hex() if entry.private_hash else None,
    }
    return hashlib.sha256(entry.previous + _canonical(content)).digest()


def _canonical(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()
