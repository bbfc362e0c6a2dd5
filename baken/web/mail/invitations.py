"""Letters to people who are asked to answer: the words of the organisation, and their code.

The code stands in the letter and nowhere else. The link carries it behind a #, which browsers send
to no server.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.models import Letter as Words
from baken.survey.invitations.models import Letter as Kind
from baken.survey.invitations.sending import Addressed
from baken.web import numerals
from baken.web.mail.letters import LETTER_LANGUAGES, Letter, fill, read_letter


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the letters of one campaign have in common."""

    title: str
    address: str
    closes_on: date
    contact: str
    words: Mapping[str, Words]
    signatories: tuple[str, ...]

    @classmethod
    def of(cls, campaign: Campaign, *, address: str) -> "Occasion":
        """Return what letters say of a campaign; `address` is where people answer."""
        both = (campaign.employer_signatory.strip(), campaign.committee_signatory.strip())
        return cls(
            title=campaign.title,
            address=address,
            closes_on=campaign.closes_on,
            contact=campaign.contact,
            words=dict(campaign.invitation),
            signatories=tuple(name for name in both if name),
        )

    def link(self, code: str) -> str:
        """Return the address with a code behind the #."""
        return f"{self.address}#{code}"


def compose(occasion: Occasion, to: Addressed) -> Letter:
    """Write a letter in the language of its reader.

    The invitation has the words of employer and committee, and both their names beneath.
    """
    spoken = _spoken(to.language)
    values = {
        "name": to.name,
        "title": occasion.title,
        "code": to.code,
        "link": occasion.link(to.code),
        "closes_on": numerals.day(occasion.closes_on, spoken),
        "contact": occasion.contact,
    }
    template = read_letter(to.kind, spoken)
    own = occasion.words.get(to.language) or occasion.words.get(spoken)
    if to.kind is Kind.INVITATION and own is not None and own["body"].strip():
        text = own["body"].replace("\r\n", "\n").rstrip("\n")
        # Named in a sentence is not signed: only whoever stands at the end of a line has signed.
        ends = [line.rstrip() for line in text.split("\n")]
        unsigned = [
            name for name in occasion.signatories if not any(end.endswith(name) for end in ends)
        ]
        signed = "\n\n".join([text, *(["\n".join(unsigned)] if unsigned else [])])
        template = Letter(own["subject"].strip() or template.subject, signed)
    return fill(template, values)


def _spoken(language: str) -> str:
    """The language of the letters for one of questionnaires: an easy form has the same letters."""
    plain = language.partition("-")[0]
    return plain if plain in LETTER_LANGUAGES else "nl"
