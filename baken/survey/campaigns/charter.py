"""The charter: what is measured, by whom, for whom and until when, before anybody is asked.

Both sides agree on it in a body, on a day, by name. What the campaign promised that day is kept
with the agreement: when the promise changes afterwards, it has to be agreed again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final, Protocol

from baken.survey.campaigns.channels import INVITED, ON_PAPER, keeps_handwriting
from baken.survey.errors import CannotLaunch, InvalidDraft

PARTS: Final = ("measured", "method", "analysis", "recipients")
"""What has to be said in words: the subject, the way, who counts, who receives what."""

MAX_PART: Final = 4_000
_EASY: Final = "-easy"


class Promising(Protocol):
    """What the promise is read from; a campaign has all of it."""

    languages: list[str]
    opens_on: date
    closes_on: date
    min_group: int
    adviser_name: str
    key_holder: str
    answers_until_on: date
    comments_until_on: date
    instrument_key: str
    instrument_version: str
    instrument_fingerprint: str
    stratum: Any
    channels: dict[str, list[str]]
    types_handwriting: bool


class Agreed(Protocol):
    """What the launch looks at; a charter has all of it."""

    words: dict[str, dict[str, str]]
    promise: dict[str, Any] | None
    agreed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """That both sides said yes: where, when, and who."""

    body: str
    agreed_on: date
    employer: str
    workers: str


@dataclass(frozen=True, slots=True)
class CharterView:
    """A charter as everybody may read it."""

    edition: int
    words: Mapping[str, Mapping[str, str]]
    min_group: int
    opens_on: date
    closes_on: date
    adviser: str
    key_holder: str
    answers_until_on: date
    comments_until_on: date
    questionnaire: str
    stratum: Mapping[str, Any] | None
    letters: tuple[str, ...]  # ways by which codes go to somebody by name
    paper: bool  # whether somebody reads forms that others filled in
    handwriting: bool  # whether the adviser sees handwriting
    body: str
    agreed_on: date | None
    employer: str
    workers: str

    @property
    def is_agreed(self) -> bool:
        return self.agreed_on is not None

    def words_in(self, language: str) -> Mapping[str, str]:
        """The words in a language, or in the first one in which they were written."""
        written = self.words.get(spoken(language)) or next(iter(self.words.values()), {})
        return {part: written.get(part, "") for part in PARTS}


def spoken(language: str) -> str:
    """The language itself: easy words are no other language."""
    return language.removesuffix(_EASY)


def spoken_languages(languages: Iterable[str]) -> tuple[str, ...]:
    """In which languages a charter and an invitation are written, each once."""
    return tuple(dict.fromkeys(spoken(language) for language in languages))


def promise_of(campaign: Promising) -> dict[str, Any]:
    """What everybody was told that does not change without them, as it is kept."""
    stratum = campaign.stratum
    return {
        "min_group": campaign.min_group,
        "opens_on": campaign.opens_on.isoformat(),
        "closes_on": campaign.closes_on.isoformat(),
        "adviser_name": campaign.adviser_name,
        "key_holder": campaign.key_holder,
        "answers_until_on": campaign.answers_until_on.isoformat(),
        "comments_until_on": campaign.comments_until_on.isoformat(),
        "questionnaire": f"{campaign.instrument_key} {campaign.instrument_version}",
        "questionnaire_sha256": campaign.instrument_fingerprint,
        "stratum": stratum and {"title": stratum["title"], "bands": stratum["bands"]},
        # With these, names and codes belong together while people answer.
        "letters": sorted(INVITED.intersection(chain(*campaign.channels.values()))),
        # With these, somebody reads answers, without a name. None where nobody does, as in what
        # was agreed before there were forms.
        "paper": not ON_PAPER.isdisjoint(chain(*campaign.channels.values())) or None,
        # With these, somebody may know a hand. None where nobody sees one.
        "handwriting": keeps_handwriting(campaign) or None,
    }


def changed_since(campaign: Promising, charter: Agreed) -> tuple[str, ...]:
    """Which parts of the promise are no longer what was agreed."""
    agreed = charter.promise or {}
    return tuple(part for part, value in promise_of(campaign).items() if agreed.get(part) != value)


def charter_obstacles(
    campaign: Promising, charter: Agreed | None, *, today: date
) -> Iterator[CannotLaunch]:
    """What still stands between the charter and the launch."""
    if charter is None:
        yield CannotLaunch(
            "survey.launch_charter_missing",
            "There is no charter yet. Write it, and have it agreed in the committee: without it "
            "nobody is asked anything.",
        )
        return
    missing = unwritten(campaign.languages, charter.words)
    if missing:
        yield _unwritten(missing)
    if charter.agreed_on is None or charter.agreed_on > today:
        yield CannotLaunch(
            "survey.launch_charter_not_agreed",
            "The charter was not agreed yet. Record in which body, on which day and by whom.",
        )
    elif changed_since(campaign, charter):
        yield CannotLaunch(
            "survey.launch_charter_changed",
            "Something that the charter promises changed after {day}. Have it agreed again.",
            day=charter.agreed_on,
        )


def unwritten(languages: Iterable[str], words: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Languages of the campaign in which a part of the charter is missing."""
    return tuple(
        language
        for language in spoken_languages(languages)
        if not all(words.get(language, {}).get(part, "").strip() for part in PARTS)
    )


def check_words(words: Mapping[str, Mapping[str, str]]) -> None:
    """Raise `InvalidDraft` for a part that nobody would read to the end."""
    for language, parts in words.items():
        if not set(parts) <= set(PARTS):
            raise ValueError("a charter has four parts")
        for text in parts.values():
            if len(text) > MAX_PART:
                raise InvalidDraft(
                    "survey.charter_too_long",
                    "One of the texts ({language}) is longer than {n} characters. Say it shorter: "
                    "everybody has to be able to read it.",
                    language=language,
                    n=MAX_PART,
                )


def check_agreement(
    campaign: Promising, charter: Agreed, agreement: Agreement, *, today: date
) -> None:
    """Raise unless this can have been agreed, on that day, by these people."""
    missing = unwritten(campaign.languages, charter.words)
    if missing:
        raise _unwritten(missing)
    if agreement.agreed_on > today:
        raise InvalidDraft(
            "survey.agreed_in_future", "The agreement cannot be dated later than today."
        )
    if not (agreement.body.strip() and agreement.employer.strip() and agreement.workers.strip()):
        raise InvalidDraft(
            "survey.agreed_by_nobody",
            "Name the body, and who agreed for the employer and for the workers.",
        )


def view_of_charter(campaign: Promising, charter: Any) -> CharterView:
    """A charter for reading: as it was agreed, or as it would be agreed today."""
    promise = charter.promise or promise_of(campaign)
    return CharterView(
        edition=charter.edition,
        words=charter.words,
        min_group=promise["min_group"],
        opens_on=date.fromisoformat(promise["opens_on"]),
        closes_on=date.fromisoformat(promise["closes_on"]),
        adviser=promise["adviser_name"],
        key_holder=promise["key_holder"],
        answers_until_on=date.fromisoformat(promise["answers_until_on"]),
        comments_until_on=date.fromisoformat(promise["comments_until_on"]),
        questionnaire=promise["questionnaire"],
        stratum=promise["stratum"],
        letters=tuple(promise.get("letters", ())),
        paper=bool(promise.get("paper")),
        handwriting=bool(promise.get("handwriting")),
        body=charter.body,
        agreed_on=charter.agreed_on,
        employer=charter.agreed_employer,
        workers=charter.agreed_workers,
    )


def _unwritten(languages: Iterable[str]) -> CannotLaunch:
    return CannotLaunch(
        "survey.launch_charter_unwritten",
        "The charter is not complete in {languages}. Everybody has to be able to read all of it.",
        languages=", ".join(languages),
    )
