"""The imprint: four signs at the foot of every page, by which a person tells forms apart.

Whoever types a form reads no square code. Without the imprint a form of another survey, or of an
older version of this one, could be told by its title alone. It stands for what the edition stands
for: campaign, version of the questionnaire, language and size of print; all forms of an edition
carry the same one.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.paper.errors import CannotOpenBatch
from baken.survey.paper.forms import list_forms
from baken.survey.paper.marks import imprint_of
from baken.survey.paper.models import PaperForm

_MISREAD: Final = str.maketrans("OILU", "011V")
"""Letters that stand in no imprint, and what they were taken for."""


def imprints_of(session: Session, campaign_id: UUID, language: str) -> tuple[str, ...]:
    """Return what stands at the foot of the forms of a language, normal print first.

    Nothing where no form was printed here, or where one comes from a program that printed none.
    """
    found = [one.imprint for one in list_forms(session, campaign_id) if one.language == language]
    return tuple(found) if all(found) else ()


def check_imprint(session: Session, campaign: Campaign, language: str, typed: str) -> None:
    """Refuse a stack whose forms carry another imprint, and say of what they are."""
    expected = imprints_of(session, campaign.id, language)
    read = "".join(typed.upper().split()).translate(_MISREAD)
    if not expected or read in expected:
        return
    if not read:
        raise CannotOpenBatch(
            "paper_entry.imprint_missing",
            "Type the four signs that stand at the foot of the forms, beside the number of the "
            "page. Nothing was saved.",
        )
    found = _forms_with(session, read)
    if any(other.id == campaign.id for other in found):
        raise CannotOpenBatch(
            "paper_entry.imprint_language",
            "Forms with {imprint} at the foot are of this survey, in another language. Choose that "
            "language. Nothing was saved.",
            imprint=read,
        )
    if found:
        raise CannotOpenBatch(
            "paper_entry.imprint_survey",
            "Forms with {imprint} at the foot are of another survey: {title}. Lay them aside and "
            "tell an adviser: somebody may have filled in an old form. Nothing was saved.",
            imprint=read,
            title=found[0].title,
        )
    raise CannotOpenBatch(
        "paper_entry.imprint_unknown",
        "No form of this survey has {imprint} at its foot. Look again at the number of the page. "
        "If it really stands there, the forms are of something else: lay them aside and tell an "
        "adviser. Nothing was saved.",
        imprint=read,
    )


def _forms_with(session: Session, imprint: str) -> list[Campaign]:
    asked = (
        select(Campaign, PaperForm.edition)
        .join(PaperForm, PaperForm.campaign_id == Campaign.id)
        .where(PaperForm.edition.startswith(imprint, autoescape=True))
    )
    return [other for other, edition in session.execute(asked) if imprint_of(edition) == imprint]
