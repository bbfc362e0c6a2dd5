"""Why something in the file of another program is not taken, and what to do.

Sentences hold no values: what stands in the file is shown beside them. Screens say the same in
their own languages, from `exchange.toml`.
"""

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[str, str]] = {
    "assessment": "Points per answer are not taken. Set cut-offs on the scales.",
    "calculation": "Nothing is computed while somebody answers. Scores come from the scales.",
    "cascading": "Answers cannot depend on an earlier answer. Give the question its own list.",
    "choices_few": "A question needs at least two answers. Complete its list.",
    "choices_gaps": "The numbers of the answers have to follow each other. Take out answers such "
    "as 98 or 99; “prefer not to say” is always offered.",
    "choices_many": "A question has at most 120 answers. Use a coarser one.",
    "choices_missing": "The list of its answers is not in the file. Add it.",
    "choices_not_numbers": "Answers need whole numbers as names, such as 1 to 5. Number them, or "
    "make it a background question.",
    "column": "This column is not used here. Nothing needs to be done if it is not missed.",
    "comment": "The field for a comment was not taken, the question was. Add an open question.",
    "condition": "Everybody is asked the same. The question was taken without its condition, "
    "and offers “does not apply to me” where it has a scale. Check that it reads well.",
    "constraint": "The check of the answer was not taken. Only the offered answers can be chosen.",
    "default": "Nothing is filled in beforehand. The question was taken without it.",
    "empty": "There is no text. Write one in the file, or add the question in the library.",
    "external": "Answers from another file cannot be offered. Copy them into the list.",
    "heading": "Only the innermost groups become scales. The text above them was not taken.",
    "hidden": "A question nobody sees is not taken. Leave it out.",
    "hint": "There is no help beside a question. Add it to the question if it is needed.",
    "labels": "The words of these answers are not known in this language. Write them.",
    "language": "The language is not clear. Write it with its code, such as “Nederlands (nl)”.",
    "language_twice": "There is already a text in this language; the first one was taken.",
    "media": "Pictures, sound and film are not taken. Check that the text is enough.",
    "metadata": "Nothing is kept about device, moment or person. Leave it out.",
    "no_type": "The row has no type of question. Add it, or remove the row.",
    "note": "A text between questions is not taken. A dimension has its own heading.",
    "number": "A number needs a lowest and a highest value, with at most 120 values between them. "
    "Write both, or ask with bands.",
    "open_text": "Everybody may write what they like here, also names. Leave it out if it asks who "
    "somebody is; otherwise say in the question that no names are needed.",
    "order": "Questions and answers always have the order of the file.",
    "other_answer": "“Other, namely” was not taken, the question was. Add an answer or an open "
    "question.",
    "personal": "Such an answer could show who gave it. Ask with a few coarse bands, as a "
    "background question.",
    "placeholder": "The text takes in an earlier answer or somebody's data. Write it without.",
    "prefix": "Words before or after the field were not taken. Add them to the question.",
    "quota": "Nobody is turned away. Whoever has a code may answer.",
    "rank": "Putting in order gives no score. Ask one question for each of the answers.",
    "renamed": "The name cannot be used here and was changed. Change it in files of answers too.",
    "repeat": "Questions that repeat cannot be asked. Write each of them out.",
    "required": "Nothing is compulsory. Whoever leaves a question open may go on.",
    "script": "A program in a text is never taken. The text without it was.",
    "sheet": "This sheet is not used here. Nothing needs to be done if it is not missed.",
    "structure": "A group is closed that was not opened, or the other way round. Check the groups.",
    "survey_text": "Words of welcome, thanks and invitation belong to a campaign. Write them "
    "there.",
    "text_table": "A table of text fields cannot be asked. Make one open question of it.",
    "uncertain": "“Uncertain” has no place between yes and no. Use numbered answers in the order "
    "that you mean.",
    "unknown_row": "The sheet “baken” does not know this question. Add it in the library, or "
    "remove that sheet and import the whole file as another program's.",
    "unknown_type": "This type of question cannot be asked. Use a list of answers, a number or a "
    "text.",
    "url": "An address carries nothing about a person here. Leave it out.",
}
"""Key to sentence."""

CHANGED: Final = frozenset(
    (
        "assessment", "comment", "condition", "constraint", "default", "hint", "labels", "media",
        "open_text", "order", "other_answer", "prefix", "renamed", "required", "script",
    )
)  # fmt: skip
"""Reasons of what was taken otherwise than it stands in the file; all others were not taken."""
