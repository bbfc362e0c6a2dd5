"""What can go wrong with campaigns, codes and the sealed box."""

from baken.storage.errors import BakenError


class SurveyError(BakenError):
    """Something about a campaign, its codes or its box."""


class CampaignNotFound(SurveyError):
    """It does not exist, or not in this organisation: the answer is the same."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__("survey.campaign_not_found", "There is no such survey here.")


class InvalidTransition(SurveyError):
    """The campaign is not in a state in which this may happen."""

    kind = "conflict"


class TooEarly(SurveyError):
    """A step that comes after another one."""


class CannotLaunch(SurveyError):
    """Something is missing before codes may be handed out."""


class InvalidDraft(SurveyError):
    """The values of a draft campaign do not make sense together."""


class CannotPrint(SurveyError):
    """A questionnaire cannot be put on paper as it is asked for."""


class FormNotFound(SurveyError):
    """A form on paper is none of this campaign."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__(
            "survey.form_not_found",
            "This form is none of this survey: it belongs to another one, or it is a proof that "
            "was printed before the start.",
        )


class NameTaken(SurveyError):
    """The public name is in use on this installation, or cannot be one."""

    kind = "conflict"


class MistypedCode(SurveyError):
    """What was typed cannot be a code: a typing error, not a guess."""

    def __init__(self) -> None:
        super().__init__(
            "survey.mistyped_code",
            "This is not a complete code. Compare it with what is printed and type it again: "
            "twelve letters and figures, and one more at the end.",
        )


class InvalidSheet(SurveyError):
    """An answer sheet does not fit the questionnaire of the campaign."""


class NotStored(SurveyError):
    """A submission could not be written; the code can still be used."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "survey.not_stored",
            "Your answers could not be stored just now. Nothing was saved and your code is still "
            "valid. Leave this page open and try again in a moment.",
        )


class CannotUnseal(SurveyError):
    """An envelope was changed, moved, or sealed for another campaign."""

    kind = "conflict"


class CountsDisagree(SurveyError):
    """What was decrypted is not what was handed in; nothing was written."""

    kind = "conflict"


class BackupDisagrees(SurveyError):
    """The restored backup does not hold what the database holds."""

    kind = "conflict"


class CannotScrub(SurveyError):
    """Files could not be cleaned now, or something was found that should be gone."""

    kind = "conflict"


class NotOpened(SurveyError):
    """Exact figures and comments exist only after the campaign was opened."""

    kind = "conflict"


class TypedOverBefore(SurveyError):
    """Handwriting that somebody typed over is a picture no more."""

    kind = "conflict"


class CannotImport(SurveyError):
    """A file with answers from elsewhere, or what is said about it, cannot be taken."""


class CheckedOtherwise(SurveyError):
    """What would be imported is not what the person looked at and accepted."""

    kind = "conflict"


class NoCodeLeft(SurveyError):
    """All spares of a unit were handed out, or all its codes stand on cards."""

    kind = "conflict"


class NoPlaceLeft(SurveyError):
    """A form finds no place: more forms than slips that were exchanged for one."""

    kind = "conflict"


class PaperUnsettled(SurveyError):
    """A form that was handed out is neither sealed nor blank, or one still waits."""

    kind = "conflict"


class InvalidRecipient(SurveyError):
    """Somebody cannot be invited at that address, in that unit or in that language."""


class RecipientNotFound(SurveyError):
    """There is no such address on the list of this campaign."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__(
            "survey.recipient_not_found", "This address is not on the list of this survey any more."
        )


class CannotSend(SurveyError):
    """Letters cannot go now."""

    kind = "conflict"


class InvalidSitting(SurveyError):
    """What is written of a sitting does not make sense together."""


class ImplausibleCount(InvalidSitting):
    """More was counted than can be; it stands once somebody has said that it is right."""


class SittingNotFound(SurveyError):
    """There is no such sitting in this organisation."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__("survey.sitting_not_found", "There is no such sitting here.")


class SittingFrozen(SurveyError):
    """A witness has signed, or the box was opened; nothing changes after that."""

    kind = "conflict"


class NoFormForSlip(SurveyError):
    """The slip gives no form; the desk hears no reason, the holder of the code can read it."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "survey.no_form_for_slip",
            "No form for this slip. Nothing was changed. Whoever holds the slip can type the code "
            "on the page of the survey and reads there why.",
        )


class SlipOfAnotherUnit(SurveyError):
    """The unit on the slip has no forms at this sitting."""

    kind = "conflict"
