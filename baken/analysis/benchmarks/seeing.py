"""What an organisation sees of a benchmark: the others, never itself among them."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from baken.analysis.benchmarks.membership import find_member
from baken.analysis.benchmarks.models import PoolContribution, PoolEdition
from baken.analysis.benchmarks.sums import ScaleSums
from baken.analysis.methods.benchmarks import MIN_REFERENCE, Reference
from baken.analysis.methods.pooling import Pooled
from baken.analysis.references.editions import made_with
from baken.analysis.references.pools import OrganisationFigures
from baken.analysis.references.reference import ScaleReference, answers_of
from baken.instruments.definition import Instrument
from baken.organisation.models import Organisation
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class SeenEdition:
    """An edition without the organisation that looks; `own` is empty when it is not among them."""

    edition: PoolEdition
    own: dict[str, OrganisationFigures]

    @property
    def is_member(self) -> bool:
        return bool(self.own)

    def figures(self, scale: str) -> Pooled | None:
        """Return a scale of the others; nothing when it is not shown."""
        if scale not in self.edition.scales:
            return None
        sums = ScaleSums.read(self.edition.scales[scale])
        others = sums.without(self.own[scale]) if self.own else sums
        return others.pooled() if others.n >= MIN_REFERENCE else None

    def references(self, instrument: Instrument, *, population: str) -> Iterator[ScaleReference]:
        """Return the scales as references that results of this questionnaire stand beside."""
        for scale in instrument.scales:
            found = self.figures(scale.key)
            if found is not None:
                yield ScaleReference(
                    scale=scale.key,
                    figures=Reference(found.mean, found.sd, found.n),
                    source=population,
                    year=self.edition.made_on.year,
                    population=population,
                    format=answers_of(instrument, scale.key),
                    made_with=made_with(instrument, scale.key),
                )


def list_seen(session: Session, fingerprint: str | None = None) -> list[SeenEdition]:
    """Return the editions that the session's organisation may see, the newest first.

    All of them while it takes part. Whoever withdrew sees those that hold its figures: they were
    made while it agreed. Whoever never took part sees none.
    """
    member = find_member(session)
    if member is None:
        return []
    own = {row.id: row for row in session.scalars(select(PoolContribution))}
    seen = []
    for edition in _editions(session, fingerprint):
        brought = {one: UUID(what) for one, what in edition.members}.get(str(member.id))
        # Without its own figures nobody could take them off.
        if brought in own:
            seen.append(SeenEdition(edition, _figures(own[brought])))
        elif brought is None and member.takes_part:
            seen.append(SeenEdition(edition, {}))
    return seen


def _editions(session: Session, fingerprint: str | None) -> list[PoolEdition]:
    organisation = session.get_one(Organisation, session.organisation_id)
    asked = select(PoolEdition).where(PoolEdition.is_fictional == organisation.is_fictional)
    if fingerprint is not None:
        asked = asked.where(PoolEdition.instrument_fingerprint == fingerprint)
    return list(
        session.scalars(asked.order_by(PoolEdition.instrument_key, PoolEdition.number.desc()))
    )


def _figures(row: PoolContribution) -> dict[str, OrganisationFigures]:
    return {scale: OrganisationFigures(**told) for scale, told in row.figures.items()}
