"""Questionnaires in the files of other programs: XLSForm, LimeSurvey, JSON, a codebook.

Pure like everything here: a reader takes the rows of sheets or a text, and gives an `Imported`;
a writer gives rows of sheets or a text. `baken.survey.library.files` opens and packs the bytes.
"""
