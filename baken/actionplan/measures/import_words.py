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
NEEDED: Final = ("title", "objective", "level", "scope", "starts", "ends", "responsible",
                 "figure", "figure_unit", "start", "target")  # fmt: skip
ORDER: Final = tuple(COLUMNS)
"""The columns of the template, from left to right."""

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
