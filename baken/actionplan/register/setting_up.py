"""Opening the register of an organisation: who keeps it, who reads, and its public address."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from baken.actionplan.register.access import KEEPERS, STRICT, check_right
from baken.actionplan.register.errors import NoRegister, NotNow, RegisterError
from baken.actionplan.register.lists import Right, lists
from baken.actionplan.register.models import Register
from baken.actionplan.register.receipts import new_word, read_word, seal_word
from baken.organisation.permissions import Action, Actor, Role, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import PublicName
from baken.survey.campaigns.queries import find_public_name
from baken.survey.errors import CampaignNotFound

NAME: Final = "register"
"""Kind of public name."""

_NAME_SIGNS: Final = "abcdefghjkmnpqrstvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Reach:
    """How the keeper is reached, and where acts of colleagues are told, in one language."""

    contact: str
    other_route: str
    language: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the organisation decides about its register.

    `contact` and `other_route` are written in `language`; `others` say the same in other ones.
    """

    keeper: Role
    contact: str
    other_route: str
    preset: str = STRICT
    takes_public: bool = True
    language: str = "nl"
    others: Mapping[str, Reach] = field(default_factory=dict)


def find_register(session: Session) -> Register | None:
    """Return the register of the session's organisation; None before it is opened."""
    return session.scalars(select(Register)).one_or_none()


def get_register(session: Session) -> Register:
    """Return the register of the session's organisation or raise `NoRegister`."""
    found = find_register(session)
    if found is None:
        raise NoRegister
    return found


def find_owner(session: Session, name: str) -> UUID:
    """Return the organisation that a public name means; works in a session of no organisation."""
    try:
        return find_public_name(session, name, kind=NAME).organisation_id
    except CampaignNotFound as error:
        raise NoRegister from error


def reach_in(register: Register, language: str) -> Reach:
    """Return how the keeper is reached, in this language or, where nobody wrote it, in another."""
    if language in register.translations:
        contact, other_route = register.translations[language]
        return Reach(contact, other_route, language)
    return Reach(register.contact, register.other_route, register.language)


def get_name(session: Session, register: Register) -> str:
    """Return the public name of a register."""
    asked = select(PublicName.name).where(
        PublicName.subject_id == register.id, PublicName.kind == NAME
    )
    return session.scalars(asked).one()


def open_register(
    session: Session,
    keys: KeyStore,
    chosen: Arrangement,
    *,
    by: Actor,
    today: date,
    now: datetime,
    name: str = "",
) -> Register:
    """Open the register; its public name is random unless one is given."""
    require(by, Action.SET_UP_REGISTER)
    check_arrangement(chosen)
    if find_register(session) is not None:
        raise NotNow("register.open_already", "This organisation has a register already.")
    register = Register(id=uuid4(), organisation_id=by.organisation_id, opened_on=today, version=1)
    _fill(register, chosen)
    register.word = seal_word(keys, register, new_word())
    session.add(register)
    session.flush()
    address = name or "".join(secrets.choice(_NAME_SIGNS) for _ in range(8))
    try:
        with session.begin_nested():
            session.add(
                PublicName(
                    name=address,
                    organisation_id=by.organisation_id,
                    kind=NAME,
                    subject_id=register.id,
                )
            )
    except IntegrityError as error:
        raise NotNow(
            "register.name_taken", "This address is in use. Choose another name."
        ) from error
    _record(session, "register.opened", register, by, now)
    return register


def change_register(
    session: Session, chosen: Arrangement, *, seen: int, by: Actor, now: datetime
) -> Register:
    """Change who keeps the register, who reads and how it is reached."""
    require(by, Action.SET_UP_REGISTER)
    check_arrangement(chosen)
    register = get_register(session)
    check_version(register, seen)
    _fill(register, chosen)
    _record(session, "register.changed", register, by, now)
    return register


def change_word(session: Session, keys: KeyStore, *, seen: int, by: Actor, now: datetime) -> str:
    """Make a new access word; the old one opens nothing from now on."""
    require(by, Action.KEEP_REGISTER)
    register = get_register(session)
    check_right(register, by, Right.CHANGE)
    check_version(register, seen)
    word = new_word()
    register.word = seal_word(keys, register, word)
    _record(session, "register.word_changed", register, by, now)
    return word


def get_word(session: Session, keys: KeyStore, *, by: Actor) -> str:
    """Return the access word, which hangs on the wall for everybody who works here."""
    require(by, Action.SEE_REGISTER_COUNTS)
    return read_word(keys, get_register(session))


def check_arrangement(chosen: Arrangement) -> None:
    """Raise `RegisterError` for what no register can be."""
    if chosen.keeper not in KEEPERS or chosen.preset not in lists().access:
        raise RegisterError(
            "register.no_such_keeper",
            "Choose who keeps the register and who reads it from what is offered.",
        )
    if not chosen.contact.strip() or not chosen.other_route.strip():
        raise RegisterError(
            "register.contact_missing",
            "Write down who keeps the register, and where somebody goes about a colleague: both "
            "stand on the poster.",
        )
    if not all(one.contact.strip() and one.other_route.strip() for one in chosen.others.values()):
        raise RegisterError(
            "register.contact_half",
            "Fill in both texts of a language, or neither.",
        )


def _fill(register: Register, chosen: Arrangement) -> None:
    register.keeper = chosen.keeper.value
    register.preset = chosen.preset
    register.contact = chosen.contact.strip()
    register.other_route = chosen.other_route.strip()
    register.takes_public = chosen.takes_public
    register.language = chosen.language
    register.translations = {
        language: [one.contact.strip(), one.other_route.strip()]
        for language, one in chosen.others.items()
    }


def _record(session: Session, act: str, register: Register, by: Actor, now: datetime) -> None:
    session.flush()
    record(
        session,
        act,
        by=by.person_id,
        subject=f"register:{register.id}",
        facts={"keeper": register.keeper, "preset": register.preset},
        at=now,
    )
