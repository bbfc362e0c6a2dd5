"""How files call the columns of a measure and what can stand in them, in four languages."""

from collections.abc import Mapping
from typing import Final

from baken.actionplan.indicators.types import Better
from baken.actionplan.prevention import Domain, PreventionLevel, Scope

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title", "titel", "maatregel", "titre", "mesure", "maßnahme"),
    "objective": ("objective", "doelstelling", "objectif", "ziel"),
    "method": ("method", "hoe", "methode", "méthode", "comment"),
    "unit": ("unit", "eenheid", "unité", "einheit"),
    "responsible": ("responsible", "verantwoordelijke", "responsable", "verantwortlich"),
    "decider": ("decider", "beslist", "décide", "entscheidet"),
    "who_does_what": ("who does what", "wie doet wat", "qui fait quoi", "wer macht was"),
    "organisational": ("organisation", "organisatie", "moyens organisationnels", "organisatorisch"),
    "material": ("material", "materiaal", "moyens matériels", "materiell"),
    "financial": ("money", "geld", "moyens financiers", "finanziell"),
    "level": ("level", "niveau", "preventieniveau", "stufe"),
    "scope": ("scope", "voor wie", "portée", "für wen"),
    # Under Dutch rules in the place of level and scope; a column of levels means the same there.
    "strategy": (
        "where it grips",
        "waar het ingrijpt",
        "où cela agit",
        "wo es greift",
        "level",
        "niveau",
        "stufe",
    ),
    "topic": ("topic", "onderwerp", "sujet", "thema"),
    "domains": ("domains", "domeinen", "domaines", "bereiche"),
    "starts": ("starts", "begin", "start", "début", "beginn"),
    "ends": ("ends", "einde", "eind", "fin", "ende"),
    "budget": ("budget", "budget (€)"),
    "figure": ("figure", "cijfer", "chiffre", "kennzahl"),
    "figure_unit": ("figure unit", "eenheid van het cijfer", "unité du chiffre", "maßeinheit"),
    "better": ("better", "beter", "mieux", "besser"),
    "start": ("now", "nu", "maintenant", "jetzt"),
    "target": ("target", "doel", "but", "soll"),
    "by": ("by", "tegen", "pour le", "bis"),
    "reported": ("annual report", "jaarverslag", "rapport annuel", "jahresbericht"),
    "initiator": ("initiative", "initiatief", "initiateur", "initiative von"),
}
_NEEDED: Final = frozenset({"title", "objective", "level", "scope", "strategy", "starts", "ends",
                            "responsible", "figure", "figure_unit", "start",
                            "target"})  # fmt: skip
_BY_LEVEL: Final = frozenset({"level", "scope"})
_BY_STRATEGY: Final = frozenset({"strategy", "topic"})


def columns_of(*, by_strategy: bool) -> dict[str, tuple[str, ...]]:
    """The columns of a file, in the order of the template: by level, or by the Dutch order."""
    others = _BY_LEVEL if by_strategy else _BY_STRATEGY
    return {name: words for name, words in COLUMNS.items() if name not in others}


def is_needed(column: str) -> bool:
    """Whether a file cannot do without this column."""
    return column in _NEEDED


LEVELS: Final[Mapping[str, PreventionLevel]] = {
    "primary": PreventionLevel.PRIMARY,
    "primair": PreventionLevel.PRIMARY,
    "primaire": PreventionLevel.PRIMARY,
    "primär": PreventionLevel.PRIMARY,
    "secondary": PreventionLevel.SECONDARY,
    "secundair": PreventionLevel.SECONDARY,
    "secondaire": PreventionLevel.SECONDARY,
    "sekundär": PreventionLevel.SECONDARY,
    "tertiary": PreventionLevel.TERTIARY,
    "tertiair": PreventionLevel.TERTIARY,
    "tertiaire": PreventionLevel.TERTIARY,
    "tertiär": PreventionLevel.TERTIARY,
}
SCOPES: Final[Mapping[str, Scope]] = {
    "collective": Scope.COLLECTIVE,
    "collectief": Scope.COLLECTIVE,
    "kollektiv": Scope.COLLECTIVE,
    "individual": Scope.INDIVIDUAL,
    "individueel": Scope.INDIVIDUAL,
    "individuelle": Scope.INDIVIDUAL,
    "individuell": Scope.INDIVIDUAL,
}
STRATEGIES: Final[Mapping[str, str]] = {
    "source": "source",
    "bron": "source",
    "quelle": "source",
    "collective": "collective",
    "collectief": "collective",
    "collectif": "collective",
    "kollektiv": "collective",
    "individual": "individual",
    "individueel": "individual",
    "individuel": "individual",
    "individuelle": "individual",
    "individuell": "individual",
    "ppe": "protective_means",
    "pbm": "protective_means",
    "persoonlijke beschermingsmiddelen": "protective_means",
    "epi": "protective_means",
    "psa": "protective_means",
}
TOPICS: Final[Mapping[str, str]] = {
    "work pressure": "work_pressure",
    "werkdruk": "work_pressure",
    "pression de travail": "work_pressure",
    "arbeitsdruck": "work_pressure",
    "bullying": "bullying",
    "pesten": "bullying",
    "harcèlement moral": "bullying",
    "mobbing": "bullying",
    "aggression": "aggression",
    "agressie": "aggression",
    "agressie en geweld": "aggression",
    "agression": "aggression",
    "sexual misconduct": "sexual_misconduct",
    "seksueel overschrijdend gedrag": "sexual_misconduct",
    "comportement sexuel abusif": "sexual_misconduct",
    "sexuelle übergriffe": "sexual_misconduct",
    "discrimination": "discrimination",
    "discriminatie": "discrimination",
    "diskriminierung": "discrimination",
}
DOMAINS: Final[Mapping[str, Domain]] = {
    "safety": Domain.SAFETY,
    "arbeidsveiligheid": Domain.SAFETY,
    "sécurité": Domain.SAFETY,
    "sicherheit": Domain.SAFETY,
    "health": Domain.HEALTH,
    "gezondheid": Domain.HEALTH,
    "santé": Domain.HEALTH,
    "gesundheit": Domain.HEALTH,
    "psychosocial": Domain.PSYCHOSOCIAL,
    "psychosociaal": Domain.PSYCHOSOCIAL,
    "psychosociale aspecten": Domain.PSYCHOSOCIAL,
    "psychosozial": Domain.PSYCHOSOCIAL,
    "ergonomics": Domain.ERGONOMICS,
    "ergonomie": Domain.ERGONOMICS,
    "hygiene": Domain.HYGIENE,
    "arbeidshygiëne": Domain.HYGIENE,
    "hygiène": Domain.HYGIENE,
    "embellishment": Domain.EMBELLISHMENT,
    "verfraaiing": Domain.EMBELLISHMENT,
    "embellissement": Domain.EMBELLISHMENT,
    "verschönerung": Domain.EMBELLISHMENT,
    "environment": Domain.ENVIRONMENT,
    "leefmilieu": Domain.ENVIRONMENT,
    "environnement": Domain.ENVIRONMENT,
    "umwelt": Domain.ENVIRONMENT,
}
YES: Final = frozenset({"ja", "oui", "yes", "x", "1", "true", "j", "o", "y"})
_LOWER: Final = frozenset({"lower", "lager", "plus bas", "bas", "niedriger"})
_HIGHER: Final = frozenset({"higher", "hoger", "plus haut", "haut", "höher"})


def better_of(said: str, *, rises: bool) -> Better:
    """In which direction a figure improves; without a word the way from start to target says it."""
    word = said.casefold()
    if word in _LOWER:
        return Better.LOWER
    if word in _HIGHER:
        return Better.HIGHER
    return Better.HIGHER if rises else Better.LOWER
