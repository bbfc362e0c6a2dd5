"""What can go wrong while forms are read and sealed."""

from baken.survey.errors import SurveyError


class PaperEntryError(SurveyError):
    """Something about a stack of forms, or about one form in it."""


class BatchNotFound(PaperEntryError):
    """It does not exist, or not in this campaign: the answer is the same."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__("paper_entry.not_found", "There is no such stack of forms here.")


class SpoolGone(PaperEntryError):
    """What was read of the forms cannot be read any more."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "paper_entry.spool_gone",
            "What was read of this stack is gone: it stays readable for the day on which the stack "
            "was started, and only until it is sealed. Nothing of the paper is lost: count the "
            "forms and start the stack anew.",
        )


class WrongMoment(PaperEntryError):
    """The batch is not in a state in which this may happen."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "paper_entry.wrong_moment",
            "This stack is at another step by now. Nothing was changed; load its page again to "
            "see what comes next.",
        )


class SamePerson(PaperEntryError):
    """Two entries of one stack, or an entry and a decision, need two people."""

    kind = "denied"


class CannotOpenBatch(PaperEntryError):
    """A stack cannot be started so."""


class TotalsDisagree(PaperEntryError):
    """What was entered is not what was counted by hand."""

    kind = "conflict"


class NotThisSheet(PaperEntryError):
    """What was typed cannot stand on this form."""


class TooManySheets(PaperEntryError):
    """More sheets than places: nothing is sealed until somebody has looked."""

    kind = "conflict"


class CannotLogDestruction(PaperEntryError):
    """The destruction of the forms cannot be written down now, or not so."""

    kind = "conflict"
