"""What a questionnaire that comes with Baken is called, where there is no organisation to ask."""

from baken.instruments.library import Shipped, list_instruments, load_instrument
from baken.web.pages.campaign_forms import title_of
from baken.web.pages.library_words import full_name


def shipped_name(key: str, version: str, language: str) -> str:
    """Return title and version; key and version where Baken does not have it any more."""
    if Shipped(key, version) not in list_instruments():
        return f"{key} {version}"
    return full_name(title_of(load_instrument(key, version), language), version, language)
