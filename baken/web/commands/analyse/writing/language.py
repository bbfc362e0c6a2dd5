"""The language that results are told in."""

import typer

from baken.instruments.definition import Instrument
from baken.web.texts import DEFAULT_LANGUAGE, LANGUAGES


def language_of(questions: Instrument, wanted: str | None) -> str:
    """Return the language asked for; by itself the house's own, or the first that both speak."""
    spoken = [language for language in questions.languages if language in LANGUAGES]
    if wanted is None:
        return DEFAULT_LANGUAGE if DEFAULT_LANGUAGE in spoken or not spoken else spoken[0]
    if wanted not in spoken:
        known = ", ".join(spoken) or "none that Baken speaks"
        raise typer.BadParameter(
            f"{questions.key} is not in {wanted}. It is in: {known}.", param_hint="--language"
        )
    return wanted
