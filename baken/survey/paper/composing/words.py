"""The words of a form that are not those of the questionnaire."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormWords:
    """Sentences in the language of the form, complete but for the numbers of pages.

    Attributes
    ----------
    over, title
        Whose form it is, and what it is called.
    promise, how
        Sentences of the two frames on the first page, after their titles.
    cross, correct
        What the two examples beside them show.
    cross_short, correct_short
        The same, at the top of each further page.
    delicate
        Whom one can talk to, below the heading of questions on unwanted behaviour.
    own
        Who reads what is written by hand, and what is better not written.
    page
        With places for `{page}` and `{pages}`.
    group
        What stands before the name of the unit.
    """

    over: str
    title: str
    promise_title: str
    promise: tuple[str, ...]
    how_title: str
    how: tuple[str, ...]
    cross: str
    correct: str
    cross_short: str
    correct_short: str
    not_applicable: str
    do_not_know: str
    rather_not: str
    delicate: str
    number: str
    about_title: str
    about: str
    own_title: str
    own: tuple[str, ...]
    ready_title: str
    ready: tuple[str, ...]
    page: str
    group: str
