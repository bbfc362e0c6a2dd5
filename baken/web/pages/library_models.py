"""Which scales of a questionnaire are looked at together: to be seen before anybody answers."""

from dataclasses import dataclass

from baken.analysis.tallies.driver_cells import declared_models
from baken.survey.library.queries import Source
from baken.web.pages.library_words import Words
from baken.web.pages.results_words import in_a_row
from baken.web.texts import inside


@dataclass(frozen=True, slots=True)
class ModelLine:
    """An outcome, and the names of its factors in one phrase."""

    outcome: str
    factors: str


def model_lines(source: Source, words: Words, language: str) -> tuple[ModelLine, ...]:
    """Return the models of a questionnaire that can be asked; none of a structure."""
    if not source.instrument.is_usable or source.kind == "screening":
        return ()

    def name(key: str) -> str:
        return inside(words.of(f"scales.{key}"), language)

    return tuple(
        ModelLine(
            words.of(f"scales.{one.outcome}"),
            in_a_row([name(key) for key in one.factors], language),
        )
        for one in declared_models(source.instrument)
    )
