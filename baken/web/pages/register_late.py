"""What a keeper hears when nothing was done with an entry, and the way back to it."""

from uuid import UUID

from litestar import Response

from baken.storage.errors import BakenError
from baken.web.errors import STATUS
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue


def not_done(request: PageRequest, entry_id: UUID, error: BakenError) -> Response[str]:
    """Say why nothing was done, with the way back to the entry."""
    sentence = catalogue(frame_of(request).language).refusal(error)
    status = STATUS[error.kind]
    return page(
        request, "register/not_done.html", status=status, sentence=sentence, entry_id=entry_id
    )
