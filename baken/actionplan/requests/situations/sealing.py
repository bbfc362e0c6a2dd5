"""What people wrote about a request, sealed: situation, reasons, and the words of every step.

A request speaks of a group of a few people who do not get on, or who are in danger. In clear stands
what is counted and what names the group; the rest opens with the key of the request only.
"""

from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from baken.actionplan.errors import ActionPlanError
from baken.actionplan.requests.situations.models import SituationRequest, SituationStep
from baken.storage.contents import open_content, seal_content
from baken.storage.keys import KeyGone, KeyStore

PURPOSE: Final = "requests"


class Unreadable(ActionPlanError):
    """The key of a request is not in the key store."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "requests.unreadable",
            "The key of this request is not in the key store. What was written is still there, "
            "sealed: restore the key folder from its copy. Nothing was overwritten.",
        )


@dataclass(frozen=True, slots=True)
class RequestWords:
    """What is the matter, and why it is that urgent."""

    situation: str
    priority_reason: str = ""


@dataclass(frozen=True, slots=True)
class StepWords:
    """What was written at a step, and how people could tell anonymously."""

    text: str
    anonymous: str = ""


def make_key(keys: KeyStore, request: SituationRequest) -> None:
    """Make the key of a new request; when nothing comes of it, it opens nothing."""
    keys.make(request.organisation_id, PURPOSE, _name(request.id))


def destroy_keys(keys: KeyStore, request: SituationRequest) -> None:
    """Destroy what opens a request and its steps."""
    keys.destroy(request.organisation_id, PURPOSE, _name(request.id))


def seal_request(keys: KeyStore, request: SituationRequest, words: RequestWords) -> bytes:
    """Seal what was asked."""
    key = _key(keys, request.organisation_id, request.id)
    return seal_content(key, _place(request.organisation_id, request.id), asdict(words))


def open_request(keys: KeyStore, request: SituationRequest) -> RequestWords | None:
    """Return what was asked; None where its term is over or it stayed elsewhere."""
    if request.sealed is None:
        return None
    key = _key(keys, request.organisation_id, request.id)
    place = _place(request.organisation_id, request.id)
    return RequestWords(**open_content(key, place, request.sealed))


def seal_step(keys: KeyStore, step: SituationStep, words: StepWords) -> bytes:
    """Seal what was written at a step, under the key of its request."""
    key = _key(keys, step.organisation_id, step.request_id)
    return seal_content(key, _place(step.organisation_id, step.id), asdict(words))


def open_step(keys: KeyStore, request: SituationRequest, step: SituationStep) -> StepWords | None:
    """Return what was written at a step of a request; None where the words are not here any more.

    They go together: once the term is over, the request says so for its steps.
    """
    if request.sealed is None or step.sealed is None:
        return None
    key = _key(keys, step.organisation_id, step.request_id)
    return StepWords(**open_content(key, _place(step.organisation_id, step.id), step.sealed))


def _key(keys: KeyStore, organisation_id: UUID, request_id: UUID) -> bytes:
    try:
        return keys.get(organisation_id, PURPOSE, _name(request_id))
    except KeyGone as error:
        raise Unreadable from error


def _name(request_id: UUID) -> str:
    return f"request:{request_id.hex}"


def _place(organisation_id: UUID, row_id: UUID) -> bytes:
    return f"{organisation_id.hex}|requests|{row_id.hex}|content|v1".encode()
