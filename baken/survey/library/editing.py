"""Changing what an own version holds; each act loads, checks and keeps the whole of it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session
from baken.survey.library import composing, own_questions
from baken.survey.library.assembling import assemble
from baken.survey.library.composing import ScaleSetting, Words
from baken.survey.library.content import Content, content_from
from baken.survey.library.errors import InvalidVersion, VersionLocked
from baken.survey.library.models import LibraryVersion
from baken.survey.library.own_questions import NewQuestion
from baken.survey.library.queries import find_row
from baken.survey.library.slots import slots_of
from baken.survey.library.text_files import TextFile, read_text_file


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changes which version, and the edit of it that stood on their screen."""

    key: str
    version: str
    seen: int
    by: Actor


def choose_parts(
    session: Session,
    edit: Edit,
    left_out: Collection[str],
    settings: Mapping[str, ScaleSetting],
) -> LibraryVersion:
    """Say which whole scales and which other questions are asked, and what imported scales mean."""
    row = open_version(session, edit)
    content = content_from(row.content)
    row.left_out = composing.check_left_out(content, left_out)
    content = composing.set_scales(content, settings)
    composing.check_totals(content, row.left_out)
    return _keep(session, row, content, "parts", edit.by)


def add_question(session: Session, edit: Edit, question: NewQuestion) -> LibraryVersion:
    """Add an own question to choose an answer from."""
    return _change(
        session,
        edit,
        lambda content: own_questions.add_question(content, question),
        "question_added",
    )


def remove_question(session: Session, edit: Edit, code: str) -> LibraryVersion:
    """Take an own question out again."""
    return _change(
        session,
        edit,
        lambda content: own_questions.remove_question(content, code),
        "question_removed",
    )


def add_open_question(session: Session, edit: Edit, texts: Words, max_bytes: int) -> LibraryVersion:
    """Add an open question."""
    return _change(
        session,
        edit,
        lambda content: own_questions.add_open_question(content, texts, max_bytes),
        "question_added",
    )


def remove_open_question(session: Session, edit: Edit, name: str) -> LibraryVersion:
    """Take an own open question out again."""
    return _change(
        session,
        edit,
        lambda content: own_questions.remove_open_question(content, name),
        "question_removed",
    )


def write_texts(session: Session, edit: Edit, texts: Mapping[str, Words]) -> LibraryVersion:
    """Write texts in one or more languages: language to path to text; an empty one takes away."""

    def written(content: Content) -> Content:
        wanted = {slot.path for slot in slots_of(content)}
        for path in {path for by_path in texts.values() for path in by_path}:
            if path not in wanted:
                raise composing.unknown_part(path)
        return composing.write_texts(content, texts)

    return _change(session, edit, written, "texts")


def take_texts(session: Session, edit: Edit, file: bytes) -> tuple[LibraryVersion, TextFile]:
    """Write the texts of a file; a language that is not there yet is added."""
    row = open_version(session, edit)
    content = content_from(row.content)
    read = read_text_file(file, content)
    if not read.texts:
        raise InvalidVersion(
            "survey.texts_none",
            "Nothing in this file belongs to this questionnaire. Download the table of this page "
            "to see the names of its texts.",
        )
    for language in read.texts:
        if language not in content.texts:
            content = composing.add_language(content, language)
    return _keep(session, row, composing.write_texts(content, read.texts), "texts", edit.by), read


def add_format(session: Session, edit: Edit, low: int, high: int) -> LibraryVersion:
    """Add a row of answers for own questions; what they are called is a text like any other."""
    return _change(
        session, edit, lambda content: own_questions.add_format(content, low, high), "format_added"
    )


def add_language(session: Session, edit: Edit, language: str) -> LibraryVersion:
    """Add a language in which nothing is written yet."""
    return _change(
        session, edit, lambda content: composing.add_language(content, language), "language_added"
    )


def remove_language(session: Session, edit: Edit, language: str) -> LibraryVersion:
    """Take a language out with all its texts."""
    return _change(
        session,
        edit,
        lambda content: composing.remove_language(content, language),
        "language_removed",
    )


def write_origin(session: Session, edit: Edit, source: str, licence: str) -> LibraryVersion:
    """Say where an imported questionnaire comes from, and what one may do with its texts."""
    row = open_version(session, edit)
    if row.base_key:
        raise InvalidVersion(
            "survey.origin_fixed",
            "Where this questionnaire comes from stands in the one that it was made from. Only "
            "an imported questionnaire can say it anew.",
        )
    content = composing.write_origin(content_from(row.content), source, licence)
    return _keep(session, row, content, "origin", edit.by)


def open_version(session: Session, edit: Edit) -> LibraryVersion:
    """Return an own version that this person may change now."""
    require(edit.by, Action.PREPARE_CAMPAIGN)
    row = find_row(session, edit.key, edit.version)
    if row.is_locked:
        raise VersionLocked
    check_version(row, edit.seen)
    return row


def _change(
    session: Session, edit: Edit, change: Callable[[Content], Content], what: str
) -> LibraryVersion:
    row = open_version(session, edit)
    return _keep(session, row, change(content_from(row.content)), what, edit.by)


def _keep(
    session: Session, row: LibraryVersion, content: Content, what: str, by: Actor
) -> LibraryVersion:
    fill(row, content)
    session.flush()
    record_act(session, "questionnaire.edited", row, by, what=what)
    return row


def fill(row: LibraryVersion, content: Content) -> None:
    """Store a content that can be assembled; anything else never gets in."""
    text = composing.check_size(content)
    row.fingerprint = assemble(text, tuple(row.left_out)).fingerprint
    row.content = text


def record_act(
    session: Session, act: str, row: LibraryVersion, by: Actor, *, what: str | None = None
) -> None:
    facts = {"name": row.name, "fingerprint": row.fingerprint}
    record(
        session,
        act,
        by=by.person_id,
        subject=f"library_version:{row.id}",
        facts=facts if what is None else facts | {"what": what},
    )
