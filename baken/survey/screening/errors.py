"""What can go wrong with a screening."""

from baken.survey.errors import SurveyError


class ScreeningError(SurveyError):
    """Something about a screening sheet or its wording."""


class SheetNotFound(ScreeningError):
    """It does not exist, or not in this organisation: the answer is the same."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__("screening.not_found", "There is no such screening here.")


class NotADraft(ScreeningError):
    """What a group agreed stays as it is."""

    kind = "conflict"


class CannotAgree(ScreeningError):
    """Something is missing before a group can agree on a sheet."""

    @property
    def is_about_group(self) -> bool:
        """Whether it stands on the page of the group; else on that of the lights."""
        return self.key == "screening.group_missing"

    @property
    def is_about_figures(self) -> bool:
        """Whether it stands on the page where figures are compared."""
        return self.key == "screening.figures_displaced"


class InvalidEntry(ScreeningError):
    """What was filled in does not hold together."""
