"""The secrets of one campaign, under their names in the key store."""

from dataclasses import dataclass
from uuid import UUID

from baken.storage.keys import KeyStore
from baken.survey.campaigns.models import Campaign

PURPOSE = "campaign"
BOX, CODES, PEPPER, TABLE, PAGES = "box", "codes", "pepper", "table", "pages"
NAMES = (BOX, CODES, PEPPER, TABLE, PAGES)


@dataclass(frozen=True, slots=True)
class CampaignSecrets:
    """Where the secrets of a campaign are kept.

    `box` opens envelopes, `codes` derives codes, `pepper` turns a code into a tag, `table` keys
    the hash over the figures per unit that goes into the audit chain, and `pages`, made with the
    first scan, marks pages that were taken over.
    """

    keys: KeyStore
    organisation_id: UUID
    campaign_id: UUID

    @classmethod
    def of(cls, keys: KeyStore, campaign: Campaign) -> "CampaignSecrets":
        """Return the place of the secrets of a campaign."""
        return cls(keys, campaign.organisation_id, campaign.id)

    def get(self, name: str) -> bytes:
        return self.keys.get(self.organisation_id, PURPOSE, self._full(name))

    def has(self, name: str) -> bool:
        return self.keys.has(self.organisation_id, PURPOSE, self._full(name))

    def ensure(self, name: str) -> bytes:
        """Return a secret, made at its first use."""
        return self.keys.ensure(self.organisation_id, PURPOSE, self._full(name))

    def replace(self, name: str, secret: bytes) -> None:
        """Keep a secret; one that a launch left behind when it was cut off goes first."""
        self.destroy(name)
        self.keys.put(self.organisation_id, PURPOSE, self._full(name), secret)

    def destroy(self, name: str) -> None:
        self.keys.destroy(self.organisation_id, PURPOSE, self._full(name))

    def still_there(self) -> list[bytes]:
        """All secrets that were not destroyed yet, each in clear and as the key store wraps it."""
        found: list[bytes] = []
        for name in NAMES:
            wrapped = self.keys.get_wrapped(self.organisation_id, PURPOSE, self._full(name))
            if wrapped is not None:
                found += (self.get(name), wrapped)
        return found

    def _full(self, name: str) -> str:
        return f"{self.campaign_id}:{name}"
