"""The words of a form out of the catalogue: those of the screens wherever they say the same."""

from dataclasses import dataclass

from baken.survey.paper.composing.words import FormWords
from baken.web.help_lines import HelpLine, lines_in
from baken.web.languages import screen_of
from baken.web.texts import Catalogue, catalogue


@dataclass(frozen=True, slots=True)
class About:
    """What a form says of its campaign; empty where there is none yet."""

    title: str
    organisation: str = ""
    adviser: str = ""
    contact: str = ""
    counsellor: str = ""
    min_group: int = 10
    help_lines: tuple[HelpLine, ...] = ()


def words_of(about: About, texts: str) -> FormWords:
    """Return the words around the texts of a questionnaire in one of its languages."""
    language = screen_of(texts)
    t = catalogue(language)
    rather_not = t("respondent.rather_not")
    ready = [t("paper_forms.ready_check"), t("paper_forms.ready_put")]
    if about.contact:
        ready.append(t("paper_forms.ready_ask", contact=about.contact))
    return FormWords(
        over=about.organisation,
        title=about.title,
        promise_title=t("paper_forms.promise_title"),
        promise=(
            t("paper_forms.promise_same"),
            t("paper_forms.promise_code"),
            t("paper_forms.promise_k", k=about.min_group),
        ),
        how_title=t("paper_forms.how_title"),
        how=(t("paper_forms.how_one"), t("paper_forms.how_skip", rather_not=rather_not)),
        cross=t("paper_forms.cross"),
        correct=t("paper_forms.correct"),
        cross_short=t("paper_forms.cross_short"),
        correct_short=t("paper_forms.correct_short"),
        not_applicable=t("respondent.not_applicable"),
        do_not_know=t("respondent.do_not_know"),
        rather_not=rather_not,
        delicate=_help(t, about, language),
        number=t("paper_forms.number"),
        about_title=t("respondent.backgrounds"),
        about=t("respondent.backgrounds_hint"),
        own_title=t("respondent.comments"),
        own=_own(t, about),
        ready_title=t("paper_forms.ready_title"),
        ready=tuple(ready),
        page=t("paper_forms.page", page="{page}", pages="{pages}"),
        group=t("paper_forms.group"),
    )


def _own(t: Catalogue, about: About) -> tuple[str, ...]:
    # Not the sentence of the screen: on paper others may read it before the adviser does.
    read = (t("paper_forms.own_reader", adviser=about.adviser),) if about.adviser else ()
    return (*read, t("respondent.comments_hint"), t("paper_forms.handwriting"))


def _help(t: Catalogue, about: About, language: str) -> str:
    """Whom one can talk to about unwanted behaviour, as beside the questions on a screen."""
    said = []
    if about.counsellor:
        said.append(t("respondent.help_counsellor", counsellor=about.counsellor))
    elif about.contact:
        said.append(t("respondent.help_inside", contact=about.contact))
    lines = [_line(line) for line in lines_in(about.help_lines, language)]
    if lines:
        said.append(t("paper_forms.outside", lines="; ".join(lines)))
    if not said:
        return ""
    return " ".join((f"{t('respondent.help_title')}.", *said))


def _line(line: HelpLine) -> str:
    return line.name if line.telephone in line.name else f"{line.name} {line.telephone}"
