"""LimeSurvey files (.lss) as versions 3, 5 and 6 write them, from one plain description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

Texts = Mapping[str, str]


@dataclass
class Asked:
    """A question: type, code, texts; rows and columns; lists of answers by scale."""

    kind: str
    code: str
    texts: Texts
    rows: Mapping[str, Texts] = field(default_factory=dict)
    columns: Mapping[str, Texts] = field(default_factory=dict)
    answers: Sequence[Mapping[str, Texts]] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    helps: Texts = field(default_factory=dict)


@dataclass
class Part:
    """A group of questions."""

    names: Texts
    asked: Sequence[Asked]
    descriptions: Texts = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Survey:
    db_version: int
    languages: Sequence[str]
    titles: Texts
    parts: Sequence[Part]
    tables: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    plain: bool = False

    def as_lss(self) -> bytes:
        tables = _tables(self)
        body = "".join(self._table(name, rows) for name, rows in tables.items() if rows)
        spoken = "".join(f"  <language>{one}</language>\n" for one in self.languages)
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        text = (
            f"{head}<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n"
            f" <DBVersion>{self.db_version}</DBVersion>\n"
            f" <languages>\n{spoken} </languages>\n{body}</document>\n"
        )
        return text.encode("utf-8-sig" if self.plain else "utf-8")

    def _table(self, name: str, rows: Sequence[Mapping[str, str]]) -> str:
        names = dict.fromkeys(key for row in rows for key in row)
        fields = "".join(f"   <fieldname>{one}</fieldname>\n" for one in names)
        written = "".join(
            "   <row>\n"
            + "".join(self._field(key, value) for key, value in row.items())
            + "   </row>\n"
            for row in rows
        )
        return (
            f" <{name}>\n  <fields>\n{fields}  </fields>\n"
            f"  <rows>\n{written}  </rows>\n </{name}>\n"
        )

    def _field(self, key: str, value: str) -> str:
        if not value:
            return f"    <{key}/>\n"
        content = escape(value) if self.plain else f"<![CDATA[{value}]]>"
        return f"    <{key}>{content}</{key}>\n"


def _tables(survey: Survey) -> dict[str, list[dict[str, str]]]:
    """Version 3 repeats rows for each language, later ones keep texts apart."""
    found: dict[str, list[dict[str, str]]] = {
        name: []
        for name in (
            *("answers", "answer_l10ns", "groups", "group_l10ns", "questions", "subquestions"),
            *("question_l10ns", "question_attributes", "surveys", "surveys_languagesettings"),
        )
    }
    writer = _Writer(survey, found)
    for number, part in enumerate(survey.parts, start=1):
        writer.part(number, part)
    found["surveys"].append({"sid": "411", "language": survey.languages[0], "anonymized": "N"})
    for language in survey.languages:
        title = survey.titles.get(language, "")
        row = {"surveyls_survey_id": "411", "surveyls_language": language, "surveyls_title": title}
        found["surveys_languagesettings"].append({**row, **survey.settings})
    for name, rows in survey.tables.items():
        found[name] = [dict(row) for row in rows]
    return found


class _Writer:
    def __init__(self, survey: Survey, found: dict[str, list[dict[str, str]]]) -> None:
        self.survey = survey
        self.found = found
        self.is_old = survey.db_version < 400
        self.qid = 10

    def _add(self, table: str, texts_table: str, key: str, row: dict, texts: Mapping) -> None:
        if self.is_old:
            for language in self.survey.languages:
                said = {name: own.get(language, "") for name, own in texts.items()}
                self.found[table].append({**row, **said, "language": language})
            return
        self.found[table].append(row)
        for number, language in enumerate(self.survey.languages):
            said = {name: own.get(language, "") for name, own in texts.items()}
            joined = {"id": f"{row[key]}{number}", key: row[key], **said, "language": language}
            self.found[texts_table].append(joined)

    def part(self, number: int, part: Part) -> None:
        row = {"gid": str(number), "sid": "411", "group_order": str(number), **part.fields}
        texts = {"group_name": part.names, "description": part.descriptions}
        self._add("groups", "group_l10ns", "gid", row, texts)
        for order, asked in enumerate(part.asked, start=1):
            self.asked(number, order, asked)

    def asked(self, gid: int, order: int, asked: Asked) -> None:
        self.qid += 1
        qid = str(self.qid)
        row = {
            "qid": qid,
            "parent_qid": "0",
            "sid": "411",
            "gid": str(gid),
            "type": asked.kind,
            "title": asked.code,
            "other": "N",
            "mandatory": "N",
            "relevance": "1",
            "question_order": str(order),
            **asked.fields,
        }
        texts = {"question": asked.texts, "help": asked.helps}
        self._add("questions", "question_l10ns", "qid", row, texts)
        for scale, parts in enumerate((asked.rows, asked.columns)):
            for place, (title, said) in enumerate(parts.items(), start=1):
                self.qid += 1
                inner = {
                    "qid": str(self.qid),
                    "parent_qid": qid,
                    "gid": str(gid),
                    "title": title,
                    "question_order": str(place),
                    "scale_id": str(scale),
                }
                self._add("subquestions", "question_l10ns", "qid", inner, {"question": said})
        for scale, listed in enumerate(asked.answers):
            for place, (code, said) in enumerate(listed.items(), start=1):
                aid = f"{qid}{scale}{place}"
                inner = {"qid": qid, "code": code, "sortorder": str(place), "scale_id": str(scale)}
                self._add("answers", "answer_l10ns", "aid", {"aid": aid, **inner}, {"answer": said})
        for name, value in asked.attributes.items():
            spoken = self.survey.languages if name.startswith("dualscale") else ("",)
            for language in spoken:
                said = f"{value} ({language})" if language else value
                attribute = {"qid": qid, "attribute": name, "value": said, "language": language}
                self.found["question_attributes"].append(attribute)


def _en(text: str) -> Texts:
    return {"en": text}


def _both(nl: str, fr: str) -> Texts:
    return {"nl": nl, "fr": fr}


OFTEN = {"A1": _en("never"), "A2": _en("sometimes"), "A3": _en("always")}


def version_3() -> Survey:
    """Version 3, one language: the types that can be taken."""
    rows = {"SQ001": _en("I run."), "SQ002": _en("I rest.")}
    return Survey(
        359,
        ["en"],
        _en("Work &amp; pace"),
        [
            Part(
                _en("Pace of the work"),
                [
                    Asked("F", "pace", _en("How often?"), rows, {}, [OFTEN]),
                    Asked("H", "colp", _en("And here?"), rows, {}, [OFTEN]),
                    Asked("L", "load", _en("It is too much."), {}, {}, [OFTEN]),
                    Asked("5", "joy", _en("I like it.")),
                    Asked("A", "five", _en("From 1 to 5"), {"a": _en("Today")}),
                    Asked("B", "ten", _en("From 1 to 10"), {"a": _en("Today")}),
                    Asked("E", "chg", _en("Compared with last year"), {"a": _en("My work is")}),
                    Asked("Y", "help", _en("Do you get help?")),
                ],
            ),
            Part(
                _en("The rest"),
                [
                    Asked("M", "tools", _en("Which tools?"), {"h": _en("Hammer")}),
                    Asked(
                        "N",
                        "nights",
                        _en("Nights in a month"),
                        attributes={"min_num_value_n": "0", "max_num_value_n": "31"},
                    ),
                    Asked("T", "why", _en("What would help?")),
                ],
            ),
        ],
    )


def version_3_bilingual() -> Survey:
    """Version 3, two languages, with conditions, quotas, points and fields beside answers."""
    often = {"1": _both("nooit", "jamais"), "2": _both("vaak", "souvent")}
    return Survey(
        355,
        ["nl", "fr"],
        _both("Werkdruk", "Pression"),
        [
            Part(
                _both("Druk", "Pression"),
                [
                    Asked(
                        "!",
                        "Q1",
                        _both("Ik moet me haasten.", "Je dois me presser."),
                        answers=[often],
                        fields={"mandatory": "Y", "other": "Y"},
                    ),
                    Asked(
                        "O",
                        "Q2",
                        _both("Ik rust.", "Je me repose."),
                        answers=[often],
                        fields={"relevance": '((411X1X11.NAOK == "2"))', "mandatory": "Y"},
                        helps=_both("<p>Denk na.</p>", "<p>Pensez.</p>"),
                    ),
                    Asked(
                        "P",
                        "Q3",
                        _both("Wat helpt?", "Qu’est-ce qui aide ?"),
                        {"SQ1": _both("Pauze", "Pause"), "SQ2": _both("Hulp", "Aide")},
                        fields={"other": "Y"},
                        attributes={"exclude_all_others": "SQ2", "random_order": "1"},
                    ),
                    Asked("G", "Q4", _both("Geslacht", "Sexe")),
                    Asked("C", "Q5", _both("Zeker?", "Sûr ?"), {"a": _both("Nu", "Ici")}),
                    Asked("S", "Q6", _both("Uw naam", ""), fields={"preg": "/[a-z]+/"}),
                ],
                _both("<p>Over de laatste maand.</p>", ""),
                {"grelevance": "Q0 == 1", "randomization_group": "R1"},
            ),
        ],
        {
            "conditions": [{"cid": "1", "qid": "12", "cqid": "11"}],
            "quota": [{"id": "1", "name": "Vol", "qlimit": "10"}],
            "assessments": [{"id": "1", "name": "Hoog", "language": "nl"}],
            "defaultvalues": [{"qid": "11", "defaultvalue": "1", "language": "nl"}],
        },
        {"surveyls_welcometext": "<p>Welkom</p>", "surveyls_endtext": "Dank u"},
    )


def version_5() -> Survey:
    """Version 5, two languages: rich text, two scales, tables of numbers and of texts."""
    agree = {"AO01": _both("oneens", "pas d’accord"), "AO02": _both("eens", "d’accord")}
    much = {"1": _both("weinig", "peu"), "2": _both("veel", "beaucoup")}
    rows = {"SQ001": _both("Uw <b>chef</b>", "Votre <b>chef</b>")}
    columns = {"M": _both("maandag", "lundi"), "D": _both("dinsdag", "mardi")}
    limits = {"multiflexible_min": "0", "multiflexible_max": "12", "multiflexible_step": "1"}
    return Survey(
        498,
        ["nl", "fr"],
        _both("Relaties", "Relations"),
        [
            Part(
                _both("<p>Mensen</p>", "<p>Personnes</p>"),
                [
                    Asked(
                        "1",
                        "dual",
                        _both("Wie steunt u?", "Qui vous soutient ?"),
                        rows,
                        {},
                        [agree, much],
                        {"dualscale_headerA": "nu", "dualscale_headerB": "vroeger"},
                    ),
                    Asked(":", "uren", _both("Uren", "Heures"), rows, columns, attributes=limits),
                    Asked(
                        ":",
                        "vink",
                        _both("Kruis aan", "Cochez"),
                        rows,
                        columns,
                        attributes={"multiflexible_checkbox": "1"},
                    ),
                    Asked(
                        ":",
                        "half",
                        _both("Halve uren", "Demi-heures"),
                        rows,
                        columns,
                        attributes={**limits, "multiflexible_step": "0.5"},
                    ),
                    Asked(":", "zonder", _both("Geen rijen", "Sans lignes"), attributes=limits),
                    Asked(";", "tekst", _both("Namen", "Noms"), rows, columns),
                    Asked(
                        "K",
                        "getal",
                        _both("Hoeveel?", "Combien ?"),
                        {"a": _both("Keer", "Fois")},
                        attributes={"min_num_value_n": "1", "max_num_value_n": "5", "suffix": "x"},
                    ),
                    Asked("N", "vrij", _both("Een getal", "Un nombre")),
                    Asked(
                        "L",
                        "film",
                        _both(
                            'Kijk <img src="a.png"/><script>x()</script> en kies.',
                            "Regardez et choisissez.",
                        ),
                        answers=[agree],
                    ),
                    Asked("L", "leeg", _both("", ""), answers=[agree]),
                    Asked("F", "kaal", _both("Geen rijen", "Sans lignes"), answers=[agree]),
                    Asked("F", "los", _both("Geen lijst", "Sans liste"), rows),
                    Asked("1", "half2", _both("Eén lijst", "Une liste"), rows, {}, [agree]),
                ],
            ),
        ],
    )


def version_6() -> Survey:
    """Version 6: variants of one language, data of participants, hidden questions, addresses."""
    levels = {"L3": {"de": "viel", "de-informal": "viel"}, "L2": {"de": "wenig"}}
    said = {"de": "Wie geht es Ihnen?", "de-informal": "Wie geht es dir?"}
    return Survey(
        640,
        ["de-informal", "de", "it"],
        {"de": "Befinden", "it": "Benessere"},
        [
            Part({"de": "Befinden", "it": "Benessere"}, [Asked("L", "Q1", said, {}, {}, [levels])]),
            Part(
                {"de": "Anderes"},
                [
                    Asked("Y", "Q2", {"de": "Bekommen Sie Hilfe?", "it": "Riceve aiuto?"}),
                    Asked("T", "Q3", {"de": "Liebe {TOKEN:FIRSTNAME}, was noch?"}),
                    Asked("T", "Q4", {"de": "Rechnung"}, attributes={"hidden": "1"}),
                    Asked("T", "Q5", {"de": "Was noch?", "it": "Altro?"}),
                    Asked("*", "Q6", {"de": "{sum(Q1, 2)}"}),
                    Asked(
                        "L",
                        "code",
                        {"de": "Wie oft?", "it": "Quanto spesso?"},
                        answers=[levels],
                        fields={"mandatory": "S"},
                        attributes={"array_filter": "Q1", "cssclass": "wide"},
                    ),
                ],
            ),
        ],
        {
            "survey_url_parameters": [{"id": "1", "parameter": "dept"}],
            "defaultvalue_l10ns": [{"id": "1", "dvid": "1", "defaultvalue": "x"}],
            "question_l10ns_unused": [],
        },
    )


def version_6_refused() -> Survey:
    """Version 6 without CDATA: nothing but what cannot be asked, and lists without order."""
    listed = {"M": _en("man"), "V": _en("woman")}
    gaps = {"A1": _en("no"), "A2": _en("yes"), "A9": _en("do not know")}
    kinds = {"D": "born", "I": "lang", "Q": "names", "R": "order", "X": "note", "|": "file"}
    return Survey(
        640,
        ["en"],
        _en("Nothing < something"),
        [
            Part(
                _en("All"),
                [
                    *(Asked(kind, code, _en(f"Type {kind}")) for kind, code in kinds.items()),
                    Asked("Z", "old", _en("Old type")),
                    Asked("L", "sex", _en("Sex & gender"), answers=[listed]),
                    Asked("L", "gap", _en("With a gap"), answers=[gaps]),
                    Asked("L", "only", _en("Only one"), answers=[{"A1": _en("yes")}]),
                    Asked("L", "none", _en("No list")),
                    Asked("M", "many", _en("No options")),
                ],
            )
        ],
        plain=True,
    )


SURVEYS = {
    "version_3": version_3,
    "version_3_bilingual": version_3_bilingual,
    "version_5": version_5,
    "version_6": version_6,
    "version_6_refused": version_6_refused,
}
