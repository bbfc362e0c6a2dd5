"""What surrounds one page of somebody who answers, and the pages that are alike for everybody."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from baken.web.frame import Frame
from baken.web.help_lines import HelpLine, lines_in
from baken.web.languages import has_screens
from baken.web.pages.respondent_door import KEY_COPIES_DAYS, CampaignView, Stage
from baken.web.pages.respondent_questions import minutes_of, parts_of
from baken.web.rendering import render

# Stand in the copies kept of pages that are alike for everybody but for one word.
CODE_GOES_HERE: Final = "@code-goes-here@"
RECEIPT_GOES_HERE: Final = "@receipt-goes-here@"
# A kiosk forgets who stood there; the last seconds of each are counted down on the screen.
KIOSK_SECONDS: Final = {"idle": 90, "warning": 30, "thanks": 20}


@dataclass(frozen=True, slots=True)
class Scene:
    """The campaign, the language and the surroundings of a page; equal scenes look alike.

    `language` names the texts of the questionnaire, `frame.language` those of the screens around.
    """

    view: CampaignView
    language: str
    static_root: str
    frame: Frame
    help_lines: tuple[HelpLine, ...] = ()
    kiosk: str = ""  # "1", or the language in which the screen was opened and begins again

    @property
    def is_kiosk(self) -> bool:
        return bool(self.kiosk)

    def link(self, path: str = "", **query: str) -> str:
        """The address of a page of this campaign; a kiosk stays one."""
        asked = query | ({"kiosk": self.kiosk} if self.is_kiosk else {})
        return self.view.home + path + (f"?{urlencode(asked)}" if asked else "")

    def render(self, template: str, **context: Any) -> str:
        """Fill a template with what every page of a respondent shows."""
        language = self.frame.language
        return render(
            template,
            self.static_root,
            frame=self.frame,
            language=language,
            spoken=self.language,
            languages=languages_of(self.view),
            campaign=self.view,
            help_lines=lines_in(self.help_lines, language),
            copies_days=KEY_COPIES_DAYS,
            link=self.link,
            kiosk=KIOSK_SECONDS if self.is_kiosk else None,
            kiosk_sign=self.kiosk,
            **context,
        )


def languages_of(view: CampaignView) -> tuple[str, ...]:
    """Return the languages of the campaign; those the screens lack only when there is no other."""
    return tuple(filter(has_screens, view.languages)) or view.languages


@lru_cache(maxsize=256)
def promise_page(scene: Scene, stage: Stage) -> str:
    """What happens with the answers, and the field for the code."""
    view = scene.view
    minutes = minutes_of(parts_of(view, scene.language)) if view.is_launched else None
    return scene.render("respondent/promise.html", stage=stage, minutes=minutes)


@lru_cache(maxsize=64)
def blank_page(scene: Scene, is_last_day: bool) -> str:
    """The questionnaire without any answer: the same for everybody but for the code."""
    return scene.render(
        "respondent/questions.html",
        code=CODE_GOES_HERE,
        parts=parts_of(scene.view, scene.language),
        given={},
        problems=(),
        start=1,
        said="",
        is_last_day=is_last_day,
    )


@lru_cache(maxsize=128)
def thanks_page(scene: Scene, is_answer: bool) -> str:
    """The receipt, to be put in: the same for everybody but for its ten symbols."""
    return scene.render("respondent/thanks.html", receipt=RECEIPT_GOES_HERE, is_answer=is_answer)
