"""The alert lights asked of everybody: through the sealed box, not knowing as an answer apart."""

import numpy as np
import pytest

from baken.analysis.methods.scoring import exact_sums, scores
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally
from baken.instruments.library import load_instrument
from baken.instruments.sheet import NOT_APPLICABLE
from baken.survey.answers import read_blocks
from baken.survey.box.sheet import Sheet
from baken.survey.campaigns.rules import CampaignState
from baken.web.body import Form
from baken.web.pages.respondent_questions import parts_in
from baken.web.pages.respondent_sheet import read_answers

LIGHTS = load_instrument("knipperlichten", "1")
CODES = [item.code for item in LIGHTS.items]


def filled(n_on: int, n_unknown: int) -> Sheet:
    """What a form with so many lights on, and so many not known, comes to."""
    given = ["1"] * n_on + ["na"] * n_unknown + ["0"] * (12 - n_on - n_unknown)
    read = read_answers(Form({c: (value,) for c, value in zip(CODES, given, strict=True)}), LIGHTS)
    assert read.problems == ()
    return Sheet("nl", read.answers, (), ())


@pytest.mark.parametrize("language", LIGHTS.languages)
def test_a_light_is_asked_with_not_knowing_beside_it(language):
    asked = [question for part in parts_in(LIGHTS, language) for question in part.questions]
    assert [question.field for question in asked] == CODES
    for question in asked:
        assert [option.value for option in question.options] == ["0", "1"]
        assert [option.key for option in question.beside] == [
            "respondent.do_not_know",
            "respondent.rather_not",
        ]


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_everybody_is_asked_and_not_knowing_scores_nothing(stage):
    stage.instrument = LIGHTS
    campaign_id = stage.launch(background_headcounts={}, languages=LIGHTS.languages)
    codes = [code for cards in stage.codes(campaign_id).values() for code in cards]
    for place, code in enumerate(codes):
        stage.submit(campaign_id, code, filled(n_on=4 + place % 2, n_unknown=6))
    stage.close(campaign_id)
    assert stage.open(campaign_id) in set(CampaignState) - {CampaignState.CLOSED}
    with stage.database.read(stage.client.id) as session:
        blocks = list(read_blocks(session, stage.keys, campaign_id))
    matrix = np.concatenate([block.items for block in blocks])
    assert len(matrix) == len(codes)
    assert sorted(set((matrix == NOT_APPLICABLE).sum(axis=1))) == [6]
    tally = Tally.count(LIGHTS, matrix, ["all"] * len(matrix))
    off, on = tally.cells.answers[0][3:5]  # of the first light, after the three special codes
    assert (off, on) == (0, len(codes))
    health = Shape.of(LIGHTS).scales[0]
    columns = matrix[:, list(health.columns)]
    # On: four or all of the five; of what is not known nothing counts.
    assert set(scores(*exact_sums(columns, health.rule), health.rule)) == {100.0}
