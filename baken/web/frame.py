"""What surrounds every page: language, navigation, who is here."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from baken.organisation.permissions import Action, Actor, may
from baken.web.texts import LANGUAGES

RESPONDENTS: Final = "/s/"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list page under a verb; its texts are ``shelves.<key>`` and ``shelves.<key>_hint``."""

    key: str
    path: str
    action: Action


@dataclass(frozen=True, slots=True)
class Verb:
    """One of the five verbs of the cycle, with the shelves that stand under it."""

    key: str
    shelves: tuple[Shelf, ...] = ()

    @property
    def path(self) -> str:
        return f"/cycle/{self.key}"


# The navigation. A new list page adds its shelf here and its two texts in texts/*/shelves.toml.
VERBS: Final = (
    Verb(
        "explore",
        (
            Shelf("units", "/units", Action.SEE_ORGANISATION),
            Shelf("start", "/start", Action.SEE_PLANS),
            Shelf("screenings", "/screenings", Action.SEE_SCREENINGS),
            Shelf("indicators", "/indicators", Action.SEE_INDICATORS),
            Shelf("accidents", "/accidents", Action.SEE_INDICATORS),
            Shelf("headcount", "/headcount", Action.SEE_ORGANISATION),
            Shelf("people", "/people", Action.SEE_PEOPLE),
            Shelf("register", "/register", Action.SEE_REGISTER_COUNTS),
            Shelf("requests", "/requests", Action.SEE_REQUESTS),
            Shelf("counsellors", "/counsellors", Action.SEE_COUNSELLORS),
            Shelf("vigilance", "/vigilance", Action.SEE_VIGILANCE),
            Shelf("organisation", "/organisation", Action.SEE_PEOPLE),
        ),
    ),
    Verb(
        "ask",
        (
            Shelf("campaigns", "/campaigns", Action.SEE_CAMPAIGNS),
            Shelf("library", "/library", Action.SEE_CAMPAIGNS),
            Shelf("paper", "/paper", Action.WORK_WITH_PAPER),
        ),
    ),
    Verb(
        "understand",
        (
            Shelf("results", "/results", Action.SEE_OWN_UNIT_RESULTS),
            Shelf("references", "/references", Action.SEE_REFERENCES),
            Shelf("talks", "/talks", Action.SEE_PLANS),
            Shelf("findings", "/findings", Action.SEE_PLANS),
            Shelf("analyses", "/analyses", Action.SEE_PLANS),
            Shelf("changes", "/changes", Action.SEE_PLANS),
        ),
    ),
    Verb(
        "plan",
        (
            Shelf("priorities", "/priorities", Action.SEE_PLANS),
            Shelf("ideas", "/ideas", Action.SEE_PLANS),
            Shelf("plans", "/plans", Action.SEE_PLANS),
            Shelf("annual_plans", "/annual-plans", Action.SEE_PLANS),
            Shelf("consultations", "/consultations", Action.SEE_PLANS),
            Shelf("bodies", "/bodies", Action.SEE_BODIES),
        ),
    ),
    Verb(
        "follow_up",
        (
            Shelf("follow_up", "/follow-up", Action.SEE_PLANS),
            Shelf("reminders", "/reminders", Action.SEE_PLANS),
            Shelf("feedback", "/feedback", Action.SEE_PLANS),
            Shelf("annual_reports", "/annual-reports", Action.SEE_REPORTS),
            Shelf("audit", "/audit", Action.SEE_AUDIT),
            Shelf("retention", "/retention", Action.SEE_RETENTION),
            Shelf("jobs", "/jobs", Action.SEE_JOBS),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """The organisation a page is about."""

    id: UUID
    name: str
    is_fictional: bool = False
    # Under whose rules it makes its plans: some things are called otherwise there.
    country: str = "be"

    @property
    def root(self) -> str:
        return f"/o/{self.id}"


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the navigation or of a list of shelves."""

    key: str
    href: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Handed to every template as `frame`."""

    language: str = "nl"
    path: str = "/"
    csrf: str = ""
    place: Place | None = None
    account_name: str = ""
    # Somebody who is half logged in has a name, and no way to the account yet.
    has_account_page: bool = False
    actor: Actor | None = None
    loopback: bool = True
    is_demo: bool = False
    request_id: str = ""
    languages: tuple[str, ...] = LANGUAGES

    @property
    def is_respondent(self) -> bool:
        """Whether the page is for people who answer: no cookie is set or read there."""
        return self.path.startswith(RESPONDENTS)

    def url(self, path: str = "") -> str:
        """An address inside this organisation: ``frame.url("/campaigns")``."""
        return (self.place.root if self.place else "") + path

    def may(self, action: str) -> bool:
        """Whether the reader's roles allow `action`: decides which links and buttons show."""
        return self.actor is not None and may(self.actor, Action(action))

    def verbs(self, here: str = "") -> tuple[Link, ...]:
        """The verbs this reader needs, the current one marked."""
        return tuple(
            Link(verb.key, self._start(verb), verb.key == here)
            for verb in VERBS
            if not verb.shelves or self.shelves(verb.key)
        )

    def shelves(self, key: str) -> tuple[Link, ...]:
        """The shelves of a verb that this reader may open."""
        verb = next(verb for verb in VERBS if verb.key == key)
        return tuple(
            Link(shelf.key, self.url(shelf.path))
            for shelf in verb.shelves
            if self.may(shelf.action)
        )

    def sees_heart(self, key: str) -> bool:
        """Whether the sentence of the verb is true for this reader: it is about its first shelf."""
        verb = next(verb for verb in VERBS if verb.key == key)
        return not verb.shelves or self.may(verb.shelves[0].action)

    def _start(self, verb: Verb) -> str:
        shelves = self.shelves(verb.key)
        return shelves[0].href if len(shelves) == 1 else self.url(verb.path)
