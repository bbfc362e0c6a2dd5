"""What to warn of before units change: it may be a mistake, it may be meant; a person decides."""

from datetime import date
from typing import Final

from baken.actionplan.measures.unit_ends import list_open_in
from baken.actionplan.unit_work import work_in
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.structure import changes
from baken.organisation.structure.actions import Planned
from baken.organisation.structure.history import ONE_DAY, Tree
from baken.organisation.structure.rules import differs_by_half
from baken.storage.session import Session
from baken.web.texts import Catalogue

HANGING: Final = (
    "board.unit_has_measures",
    "analyses.unit_has_open",
    "talks.unit_has_open",
    "changes.unit_has_open",
    "analyses.unit_has_turns",
    "findings.unit_has",
)
"""What is said of the measures, the open work and the findings of a unit that ends."""


def warn(session: Session, actor: Actor, planned: Planned, texts: Catalogue) -> tuple[str, ...]:
    """The sentences to read before a planned change of units is confirmed."""
    return (
        *_halved(planned, texts),
        *_lost_people(planned, texts),
        *_hanging(session, actor, planned, texts),
    )


def _halved(planned: Planned, texts: Catalogue) -> tuple[str, ...]:
    """Numbers of people that differ by half from those before."""
    told = []
    for one in planned.differences:
        for count in one.after.counts:
            before = one.before.people(count.from_on - ONE_DAY) if one.before else None
            is_new = one.before is not None and count not in one.before.counts
            if is_new and differs_by_half(before, count.people):
                told.append(
                    texts(
                        "units.warn_half",
                        name=one.after.newest.name,
                        before=before,
                        after=count.people,
                    )
                )
    return tuple(told)


def _lost_people(planned: Planned, texts: Catalogue) -> tuple[str, ...]:
    """People who are counted without a split or merger and not with it.

    Both on the same day: what changed earlier that day is no effect of this change.
    """
    on = planned.change.on
    before, after = _counted(planned.before, on), _counted(planned.after, on)
    kinds = {changes.ChangeKind.SPLIT, changes.ChangeKind.MERGED}
    if planned.change.kind not in kinds or before == after:
        return ()
    return (texts("units.warn_total", before=before, after=after),)


def _counted(tree: Tree, on: date) -> int:
    return sum(unit.people(on) or 0 for unit in tree.values() if unit.lives(on))


def _hanging(session: Session, actor: Actor, planned: Planned, texts: Catalogue) -> tuple[str, ...]:
    """What hangs on units that would end: measures, open work, and findings that stay.

    Whoever may not read the plans learns how much there is, not what it is about.
    """
    ending = [
        one.after.id
        for one in planned.differences
        if one.after.until_on is not None and (one.before is None or one.before.until_on is None)
    ]
    if not ending:
        return ()
    measures = [one.title for one in list_open_in(session, ending)]
    work = work_in(session, ending)
    named = (measures, work.analyses, work.talks, work.changes)
    unnamed = "" if may(actor, Action.SEE_PLANS) else texts("board.unit_has_unnamed")
    found = [(len(titles), unnamed or "; ".join(titles[:3])) for titles in named]
    found += [(work.n_turns, ""), (work.n_findings, "")]
    return tuple(
        texts(key, count=count, what=what)
        for key, (count, what) in zip(HANGING, found, strict=True)
        if count
    )
