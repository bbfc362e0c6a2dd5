"""What can go wrong with the organisation's own versions of questionnaires."""

from baken.survey.errors import SurveyError


class LibraryError(SurveyError):
    """Something about an own version of a questionnaire."""


class VersionNotFound(LibraryError):
    """It does not exist, or not in this organisation: the answer is the same."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__(
            "survey.version_not_found",
            "There is no such version of a questionnaire here. Choose one from the library.",
        )


class VersionLocked(LibraryError):
    """People were asked this version; it stays as it was."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "survey.version_locked",
            "A survey was held with this version, or it comes with Baken, so it stays as it is. "
            "Make a new version from it and change that one.",
        )


class QuestionsChanged(LibraryError):
    """The questionnaire is not the one that was agreed."""

    kind = "conflict"

    def __init__(self, name: str) -> None:
        super().__init__(
            "survey.questions_changed",
            "The questionnaire {name} on this installation is not the one that was agreed. "
            "Restore the original; nothing was changed.",
            name=name,
        )


class InvalidVersion(LibraryError):
    """A change that would make no questionnaire."""
