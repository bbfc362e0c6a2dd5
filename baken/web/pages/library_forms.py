"""Forms of the library: fields depend on the languages and scales of the version."""

from typing import Any, Final

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from baken.instruments.definition import DIMENSIONS
from baken.survey.library.limits import COMMENT_BYTES, MAX_ANSWER, MAX_TEXT
from baken.survey.library.own_questions import NewQuestion, NewScale, own_scales
from baken.survey.library.queries import Source
from baken.web.body import Upload
from baken.web.forms import BackOfficeForm
from baken.web.languages import name_of
from baken.web.pages.fields import FileChosen, Refused, option, whole
from baken.web.pages.library_words import Words
from baken.web.texts import LANGUAGES

NEW: Final = "new"


class VersionForm(BackOfficeForm):
    """A form about one version; `version` is the one the person was looking at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """What was looked at; 0 when the field was changed, so that the act refuses."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def holds(self) -> bool:
        """Whether what was filled in can be asked for; what is wrong stands beside the fields."""
        return bool(self.validate())


class OriginForm(VersionForm):
    """Where an imported questionnaire comes from, and what one may do with it."""

    source = TextAreaField(
        "library.source",
        [InputRequired(), Length(max=MAX_TEXT)],
        description="library.origin_source_hint",
    )
    licence = TextAreaField(
        "library.licence",
        [InputRequired(), Length(max=MAX_TEXT)],
        description="library.origin_licence_hint",
    )


class LanguageForm(VersionForm):
    """A language to add."""

    language_code = SelectField("library.language", [InputRequired()])

    def offer(self, source: Source) -> "LanguageForm":
        """Fill in the languages that are not there yet, easy forms among them."""
        known = (*LANGUAGES, *(f"{code}-easy" for code in LANGUAGES))
        self.language_code.choices = [
            option(code, name_of(code)) for code in known if code not in source.content.texts
        ]
        return self


class TextFileForm(VersionForm):
    """A file with texts."""

    file = FileField("library.text_file", [FileChosen()], description="library.text_file_hint")
    chosen: Upload | None = None

    @property
    def content(self) -> bytes:
        return self.chosen.content if self.chosen else b""


class ImportForm(BackOfficeForm):
    """A questionnaire of another program."""

    file = FileField("library.import_file", [FileChosen()], description="library.import_file_hint")
    chosen: Upload | None = None


class FormatForm(VersionForm):
    """A row of answers for own questions."""

    low = whole("library.format_low", low=0, high=MAX_ANSWER)
    high = whole("library.format_high", low=1, high=MAX_ANSWER, hint="library.format_hint")


class QuestionForm(VersionForm):
    """An own question; one field `text_<language>` and `name_<language>` for each language."""

    scale = SelectField("library.topic", [InputRequired()], description="library.topic_hint")
    dimension = SelectField("library.dimension", [Optional()], default="")
    high_is = RadioField("library.high_is", [InputRequired()], default="risk")
    format = SelectField("library.format", [InputRequired()])
    turned = BooleanField("library.turned", description="library.turned_hint")
    not_applicable = BooleanField("library.not_applicable")
    spoken: tuple[str, ...]

    def offer(self, source: Source, language: str) -> None:
        """Fill in what can be chosen."""
        words = Words(source.content, language)
        self.scale.choices = [
            *(option(key, words.of(f"scales.{key}")) for key in own_scales(source.content)),
            option(NEW, "library.topic_new"),
        ]
        self.dimension.choices = [
            option("", "library.dimension_choose"),
            *(option(one, f"findings.factor_{one}") for one in DIMENSIONS),
        ]
        self.high_is.choices = [option(one, f"library.high_{one}") for one in ("risk", "resource")]
        formats = source.content.definition.get("formats", {})
        self.format.choices = [option(key, words.answers(key)) for key in formats]

    def validate_dimension(self, field: Any) -> None:
        """A new topic says what it is about."""
        if self.scale.data == NEW and not field.data:
            raise Refused("library.dimension_missing")

    def holds(self) -> bool:
        """Whether there is a question too, and a name for a new topic, in some language."""
        if not super().holds():
            return False
        for prefix, needed in (("text", True), ("name", self.scale.data == NEW)):
            fields = [self[f"{prefix}_{code}"] for code in self.spoken]
            if needed and not any(str(field.data or "").strip() for field in fields):
                fields[0].errors = [*fields[0].errors, f"library.{prefix}_missing"]
                return False
        return True

    def question(self) -> NewQuestion:
        """What the form says."""
        chosen: str = self.scale.data
        return NewQuestion(
            texts=self._words("text"),
            format=self.format.data,
            scale=self._new_scale() if chosen == NEW else chosen,
            reversed=bool(self.turned.data),
            not_applicable=bool(self.not_applicable.data),
        )

    def _new_scale(self) -> NewScale:
        return NewScale(self.dimension.data, self.high_is.data, self._words("name"))

    def _words(self, prefix: str) -> dict[str, str]:
        return {code: str(self[f"{prefix}_{code}"].data or "") for code in self.spoken}


class OpenQuestionForm(VersionForm):
    """An own open question; one field `text_<language>` for each language."""

    max_bytes = SelectField("library.length", [InputRequired()], default=str(COMMENT_BYTES[1]))
    spoken: tuple[str, ...]

    def offer(self) -> None:
        """Fill in the lengths."""
        self.max_bytes.choices = [option(str(n), f"library.length_{n}") for n in COMMENT_BYTES]

    def holds(self) -> bool:
        """Whether there is a question too, in some language."""
        if not super().holds():
            return False
        fields = [self[f"text_{code}"] for code in self.spoken]
        if any(str(field.data or "").strip() for field in fields):
            return True
        fields[0].errors = [*fields[0].errors, "library.text_missing"]
        return False

    def words(self) -> dict[str, str]:
        return {code: str(self[f"text_{code}"].data or "") for code in self.spoken}


def question_form(source: Source) -> type[QuestionForm]:
    """Make the form of an own question in the languages of a version."""
    spoken = tuple(source.content.texts)
    fields = _lines("text", spoken) | _lines("name", spoken) | {"spoken": spoken}
    return type("QuestionFormOf", (QuestionForm,), fields)


def open_question_form(source: Source) -> type[OpenQuestionForm]:
    """Make the form of an open question in the languages of a version."""
    spoken = tuple(source.content.texts)
    return type(
        "OpenQuestionFormOf", (OpenQuestionForm,), _lines("text", spoken) | {"spoken": spoken}
    )


def _lines(prefix: str, spoken: tuple[str, ...]) -> dict[str, Any]:
    # The label is the language: the page says above the fields what is asked.
    return {
        f"{prefix}_{code}": StringField(name_of(code), [Optional(), Length(max=MAX_TEXT)])
        for code in spoken
    }
