"""Words per language that the texts of a questionnaire may or may not hold."""

DENYING = {
    "nl": "niet geen nooit nergens niemand niets niks zonder zelden noch nauwelijks amper "
    "onmogelijk",
    "fr": "non sans jamais aucun aucune rien ni guère rarement pas personne impossible",
    "en": "not no never nobody nothing none nowhere without rarely seldom hardly neither nor "
    "cannot impossible don’t doesn’t isn’t aren’t won’t can’t didn’t",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts nirgends ohne "
    "selten kaum weder noch unmöglich",
}
"""With one of these in a statement, “never” and “disagree” deny a denial."""

NO_DENIAL = {
    "fr": r"\b(la|des|les|une|de) personnes?\b",
    "de": r"\bnoch an\b|\b(immer|auch) noch\b",
}
"""Where such a word means something else: “la personne”, “ich denke noch an”."""

NEGATIVE = {
    "nl": "nooit zelden oneens niet nee",
    "fr": "jamais rarement pas non",
    "en": "never rarely disagree not no",
    "de": "nie selten nicht nein",
}
POSITIVE = {
    "nl": "vaak vaker altijd eens wel ja",
    "fr": "souvent toujours accord certainement oui",
    "en": "often always agree certainly yes",
    "de": "oft öfter immer zu bestimmt ja",
}
"""Which side of an answer format a label stands on; a label of both sides is negative."""

TERMS = {
    "nl": {
        "A1": "Arbeidsorganisatie",
        "A2": "Arbeidsinhoud",
        "A3": "Arbeidsvoorwaarden",
        "A4": "Arbeidsomstandigheden",
        "A5": "Interpersoonlijke relaties op het werk",
    },
    "fr": {
        "A1": "Organisation du travail",
        "A2": "Contenu du travail",
        "A3": "Conditions de travail",
        "A4": "Conditions de vie au travail",
        "A5": "Relations interpersonnelles au travail",
    },
    "en": {
        "A1": "Organisation of the work",
        "A2": "Content of the work",
        "A3": "Working conditions",
        "A4": "Living conditions at work",
        "A5": "Interpersonal relations at work",
    },
    "de": {
        "A1": "Arbeitsorganisation",
        "A2": "Arbeitsinhalt",
        "A3": "Arbeitsbedingungen",
        "A4": "Lebensbedingungen bei der Arbeit",
        "A5": "Zwischenmenschliche Beziehungen bei der Arbeit",
    },
}
"""The five A's as the law and its translations call them."""

FALSE_FRIENDS = {
    # living conditions outside work; a calque of the French name of A4, and of the English of A3
    "nl": r"levensomstandigheden|levensvoorwaarden|werkcondities|arbeidscondities|mobbing",
    # calques of the Dutch names of A3, A4 and A5; “mobbing” is no French term of the law
    "fr": r"circonstances d[eu] travail|termes de travail|rapports de travail|mobbing|pestage",
    # of A4 and A5; “mobbing” is something else in English
    "en": r"work(ing)? circumstances|labour (conditions|circumstances|relations)|\bmobb|\bpest",
    # employment relationships, which are not relations between people; circumstances
    "de": r"Arbeitsverhältnis|Arbeitsumständ|Arbeitskondition|Arbeitsvoraussetzung|Bullying",
}

FAMILIAR = {
    "nl": r"\b(je|jij|jou|jouw|jullie)\b",
    "fr": r"\b(tu|toi|tes|ton|ta)\b|\bt’",
    "de": r"\b(du|dich|dir|dein\w*|ihr|euch|euer|eure\w*)\b",
}
"""Small letters only: “Ihr” is polite. English has one word for both."""

GENDERED = {
    "nl": r"\b([Hh]ij|[Hh]aar|[Zz]ijn (baas|chef))\b",
    "fr": r"\b[Jj]e (suis|me sens) \w+ée?s?\b|\b[Mm]on (chef|responsable|supérieur)\b|\(e\)|·",
    "en": r"\b([Hh]e|[Ss]he|his|her|him|chairman|foreman)\b",
    "de": r"\b[Mm]ein(em|en|er)? (Chef|Vorgesetzter?n?|Kollegen?)\b|\b(er|sein\w*)\b|[a-zß][*:_]in",
}
"""What assumes that the reader, or somebody the reader works with, is a man or a woman."""
