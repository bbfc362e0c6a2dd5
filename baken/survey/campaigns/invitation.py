"""The words of the invitation: one text in each language, signed by employer and committee.

Places in the text are filled in when it is sent, for one person at a time; nothing that was filled
in is kept.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

from baken.survey.campaigns.channels import sends_letters
from baken.survey.campaigns.charter import spoken_languages
from baken.survey.campaigns.models import Letter
from baken.survey.errors import CannotLaunch, InvalidDraft

PLACES: Final = ("code", "link", "closes_on", "name")
"""What a text may leave open, as ``{code}``."""

NEEDED: Final = ("code", "link")
"""Without these somebody could not answer."""

MAX_SUBJECT: Final = 150
MAX_BODY: Final = 6_000

_PLACE = re.compile(r"\{([^{}]*)\}")


class Inviting(Protocol):
    """What the checks look at; a campaign has all of it."""

    languages: list[str]
    channels: dict[str, list[str]]
    invitation: dict[str, Any]
    employer_signatory: str
    committee_signatory: str


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its places filled in; everything else stays as it is."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def places_in(text: str) -> frozenset[str]:
    """The places that a text leaves open, whether they exist or not."""
    return frozenset(_PLACE.findall(text))


def check_invitation(invitation: Mapping[str, Letter]) -> None:
    """Raise `InvalidDraft` for a text that could not be sent; an empty one is not written yet."""
    for language, letter in invitation.items():
        subject, body = letter["subject"], letter["body"]
        if not body.strip():
            continue
        if len(subject) > MAX_SUBJECT or len(body) > MAX_BODY:
            raise InvalidDraft(
                "survey.invitation_too_long",
                "The invitation ({language}) is too long: at most {subject} characters for the "
                "subject and {body} for the text.",
                language=language,
                subject=MAX_SUBJECT,
                body=MAX_BODY,
            )
        _check_places(language, subject, body)


def invitation_obstacles(campaign: Inviting, units: Iterable[str]) -> Iterator[CannotLaunch]:
    """What stands between the invitation and the launch, where somebody gets one."""
    if not sends_letters(campaign, units):
        return
    for language in spoken_languages(campaign.languages):
        letter = campaign.invitation.get(language, {})
        if not (letter.get("subject", "").strip() and letter.get("body", "").strip()):
            yield CannotLaunch(
                "survey.launch_invitation_missing",
                "Some units are invited by mail or letter, and there is no invitation in the "
                "language {language}.",
                language=language,
            )
    if not (campaign.employer_signatory.strip() and campaign.committee_signatory.strip()):
        yield CannotLaunch(
            "survey.launch_invitation_unsigned",
            "The invitation is signed by the employer and by the committee. Fill in both names.",
        )


def _check_places(language: str, subject: str, body: str) -> None:
    unknown = sorted((places_in(subject) | places_in(body)) - set(PLACES))
    # Whoever sees a subject on a locked screen must not read a code.
    unknown += sorted(places_in(subject) & {"code", "link"})
    if unknown:
        raise InvalidDraft(
            "survey.invitation_place",
            "{place} cannot stand there ({language}). In the text you can use {known}; in the "
            "subject no code and no link.",
            place=f"{{{unknown[0]}}}",
            language=language,
            known=", ".join(f"{{{place}}}" for place in PLACES),
        )
    for place in NEEDED:
        if place not in places_in(body):
            raise InvalidDraft(
                "survey.invitation_incomplete",
                "{place} is missing from the text ({language}): without it nobody can answer.",
                place=f"{{{place}}}",
                language=language,
            )
