"""XLSForms as five programs write them: heads, cases and oddities of each, in one small survey."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

Sheets = Mapping[str, Sequence[Sequence[object]]]


def as_xlsx(sheets: Sheets) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row, start=1):
                if cell not in ("", None):
                    page.cell(number, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def kobo() -> Sheets:
    """KoboToolbox: names of lists are random, every question is compulsory, a rating matrix."""
    return {
        "survey": [
            [
                *("type", "name", "label::Nederlands (nl)", "label::Français (fr)"),
                *("hint::Nederlands (nl)", "required", "relevant", "appearance"),
                *("kobo--score-choices", "_isRepeat", "$kuid"),
            ],
            ["start", "start", "", "", "", "false"],
            ["end", "end", "", "", "", "false"],
            ["begin_group", "werk", "Uw werk", "Votre travail", "", "", "", "field-list"],
            [
                *("select_one vr4fd02", "tempo", "Ik moet me haasten.", "Je dois me presser."),
                *("", "true", "", "", "", "", "aaa1"),
            ],
            [
                *("select_one vr4fd02", "rust", "Ik kan pauzeren.", "Je peux faire une pause."),
                *("Denk aan vorige week.", "true", "${tempo} > 2"),
            ],
            ["select_one zq7ln31", "sector", "Uw sector?", "Votre secteur ?", "", "true"],
            ["end_group"],
            [
                *("begin_score", "steun", "Hoe vaak krijgt u hulp?", "Recevez-vous de l’aide ?"),
                *("", "", "", "", "vr4fd02"),
            ],
            ["score__row", "collega", "Van collega’s", "De collègues", "", "true"],
            ["score__row", "chef", "Van uw chef", "De votre chef", "", "true"],
            ["end_score"],
            ["begin_rank", "top", "Wat telt het meest?", "Le plus important ?", "", "", "", "", ""],
            ["rank__level", "eerste", "Eerste", "Premier"],
            ["end_rank"],
            ["integer", "uren", "Hoeveel uren?", "Combien d’heures ?", "", "true"],
            ["text", "idee", "Wat kan beter?", "Que peut-on améliorer ?", "", "false"],
            ["image", "foto", "Uw werkplek", "Votre poste"],
        ],
        "choices": [
            ["list_name", "name", "label::Nederlands (nl)", "label::Français (fr)"],
            ["vr4fd02", 1, "nooit", "jamais"],
            ["vr4fd02", 2, "soms", "parfois"],
            ["vr4fd02", 3, "altijd", "toujours"],
            ["zq7ln31", "zorg", "zorg", "soins"],
            ["zq7ln31", "bouw", "bouw", "construction"],
        ],
        "settings": [["style", "default_language"], ["pages", "Nederlands (nl)"]],
    }


def odk_build() -> Sheets:
    """ODK Build: languages without codes, limits in brackets and quotes, groups with spaces."""
    return {
        "survey": [
            [
                *("type", "name", "label::English", "hint::English", "default", "read_only"),
                *("required", "constraint", "constraint_message::English", "relevant"),
            ],
            ["begin group", "health", "Your health"],
            ["select_one choices1", "tired", "I feel tired.", "", "3"],
            [
                *("integer", "nights", "Nights worked in a month", "", "", "", "yes"),
                *("(. >= '0' and . <= '31')", "Use 0 to 31."),
            ],
            ["integer", "age", "Your age", "", "", "", "", ". > 15"],
            ["decimal", "weight", "Your weight"],
            ["select_multiple choices2", "aches", "Where does it hurt?"],
            ["end group"],
            ["begin repeat", "child", "A child"],
            ["text", "child_name", "Name of the child"],
            ["end repeat"],
            ["date", "born", "Date of birth"],
            ["geopoint", "place", "Where are you?"],
            ["barcode", "badge", "Scan your badge"],
        ],
        "choices": [
            ["list_name", "name", "label::English"],
            ["choices1", 0, "never"],
            ["choices1", 1, "rarely"],
            ["choices1", 2, "often"],
            ["choices1", 3, "always"],
            ["choices2", "back", "Back"],
            ["choices2", "neck", "Neck & shoulders"],
        ],
        "settings": [["form_title", "form_id"], ["Health at work", "build_Health-at-work_1"]],
    }


def pyxform_examples() -> Sheets:
    """The examples of pyxform: old spellings, no languages, Markdown, computed fields."""
    return {
        "survey": [
            ["type", "name", "label", "required", "media::image", "calculation", "choice filter"],
            ["note", "intro", "**Welcome** to this survey"],
            ["select one from yes_no", "help_q", "Do you get help?", "true()"],
            ["select one agree", "fair", "# My pay is *fair*.", "", "pay.png"],
            ["select_one agree or_other", "trust", "I trust my __boss__."],
            ["select all that apply from tools", "tools", "Which tools do you use?"],
            ["calculate", "score", "", "", "", "${fair} + 1"],
            ["text", "why", "Why did you say ${fair}?"],
            ["string", "more", "Anything else?"],
            ["range", "stress", "Stress, from 0 to 10"],
            ["acknowledge", "ok", "I agree"],
            ["select_one_from_file cities.csv", "city", "Your city"],
            ["rank tools", "best", "Put in order"],
            ["text", "", ""],
        ],
        "choices": [
            ["list name", "name", "label"],
            ["yes_no", "yes", "Yes"],
            ["yes_no", "no", "No"],
            ["agree", 1, "I do not agree"],
            ["agree", 2, "I agree"],
            ["tools", "hammer", "Hammer"],
            ["tools", "laptop", "Laptop"],
        ],
    }


def ona() -> Sheets:
    """ONA: capitals in sheets, single colons, cascades, answers of another file."""
    return {
        "Survey": [
            ["Type", "Name", "Caption:English", "label:French", "Relevance", "Choice_Filter"],
            ["deviceid", "device"],
            ["username", "user"],
            ["begin group", "outer", "The whole"],
            ["begin group", "demands", "Demands", "Exigences", "${role} = '1'"],
            ["select_one scale", "load", "There is too much.", "Il y a trop de travail."],
            ["select_one scale", "pace", "It goes too fast.", ""],
            ["end group"],
            ["end group"],
            ["select_one town", "town", "Town", "Ville", "", "country = ${country}"],
            ["select_one_external villages", "village", "Village"],
            ["select_one missing", "gone", "Where is the list?"],
            ["select_one gaps", "gap", "How much?"],
            ["select_one short", "one", "Only one"],
            ["phonenumber", "phone"],
            ["audit", "audit"],
            ["text", "comment", "A remark", "Une remarque"],
        ],
        "Choices": [
            ["list_name", "value", "label:English", "label:French", "country"],
            ["scale", 1.0, "no", "non"],
            ["scale", 2.0, "a little", "un peu"],
            ["scale", 3.0, "yes", "oui"],
            ["town", 1, "Ghent", "Gand", "be"],
            ["town", 2, "Lille", "Lille", "fr"],
            ["gaps", 1, "little", "peu"],
            ["gaps", 2, "much", "beaucoup"],
            ["gaps", 99, "do not know", "ne sait pas"],
            ["short", 1, "one", "un"],
        ],
        "external_choices": [["list_name", "name"], ["villages", "Bree"]],
        "Settings": [["id_string", "title", "Version"], ["ona_demands", "Demands", "2024 03"]],
    }


def by_hand() -> Sheets:
    """Typed in a spreadsheet: a mark before the head, empty rows, rich text, slips."""
    rich = '<p style="margin:0"><strong>Ik&nbsp;ben</strong> moe&hellip;</p>'
    return {
        "Toelichting": [["Deze vragenlijst is een voorbeeld."]],
        "survey": [
            [],
            [
                *("label::nl", "\ufeffname ", "label::Nederlands (nl)", " TYPE", "label::Klingon"),
                *("Notitie", "parameters", "relevant"),
            ],
            [],
            ["Vermoeidheid", "Groep 1", "", "begin_group"],
            [rich, "code", "", "select_one f"],
            ['Ik slaap slecht. <img src="bed.png">', "1. slaap", "", "select_one f"],
            ["Ik rust uit.<script>alert(1)</script>", "Rust", "", "select_one f"],
            ["Ik lig wakker.", "rust", "", "select_one f", "", "", "randomize=true"],
            ["Kop van de tabel", "kop", "", "select_one f"],
            [],
            ["Pijn, van 0 tot 10", "pijn", "", "range", "", "", "start=0 end=10 step=1"],
            ["Pijn, in stappen", "stap", "", "range", "", "", "start=0 end=1 step=0.1"],
            ["Te ruim", "ruim", "", "integer", "", "", "start=0 end=500"],
            ["Wat nog?", "nog", "", "text", "", "mag weg", "", "${code} = 1"],
            ["Zonder soort", "leeg", "", ""],
            ["Onbekend", "wat", "", "hologram"],
            ["", "stil", "", "select_one f"],
            ["", "weg", "", "end_repeat"],
            ["Laatste", "laatste", "", "begin_group"],
            ["Ik lach.", "lach", "", "select_one f"],
        ],
        "choices": [
            ["label::nl", "list_name", "name"],
            ["nooit", "f", "2"],
            ["altijd", "f", "1"],
            [],
            ["zonder lijst", "", "3"],
        ],
        "settings": [["form_title", "form_id", "version"], ["Moe?", "Één lijst!", "v 1/2"]],
    }


FORMS = {
    "kobo": kobo,
    "odk_build": odk_build,
    "pyxform_examples": pyxform_examples,
    "ona": ona,
    "by_hand": by_hand,
}
