"""What an edition keeps of a scale: sums, from which each member takes off its own figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any, Self

from baken.analysis.methods.moments import Moments
from baken.analysis.methods.pooling import Pooled
from baken.analysis.references.pools import OrganisationFigures


@dataclass(frozen=True, slots=True)
class ScaleSums:
    """Sums over organisations, on one scale from 0 to 100.

    Attributes
    ----------
    organisations, n : int
        Organisations, and people in them.
    total : float
        Sum of the scores of all people.
    within : float
        Sum of squares around the mean of the own organisation.
    squares : float
        Sum over people of the squared mean of their organisation.
    """

    organisations: int
    n: int
    total: float
    within: float
    squares: float

    @classmethod
    def of(cls, figures: Moments) -> Self:
        """Add organisations up, one entry each."""
        n, mean, sd = figures.n, figures.mean, figures.sd
        return cls(
            organisations=len(n),
            n=int(n.sum()),
            total=float(n @ mean),
            within=float((n - 1) @ sd**2),
            squares=float(n @ mean**2),
        )

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return the sums as an edition keeps them."""
        return cls(**stored)

    def as_stored(self) -> dict[str, Any]:
        return asdict(self)

    def without(self, own: OrganisationFigures) -> "ScaleSums":
        """Return the sums over the others."""
        return ScaleSums(
            organisations=self.organisations - 1,
            n=self.n - own.n,
            total=self.total - own.n * own.mean,
            within=self.within - (own.n - 1) * own.sd**2,
            squares=self.squares - own.n * own.mean**2,
        )

    def pooled(self) -> Pooled:
        r"""Return mean and spread of all these people.

        Notes
        -----
        .. math:: M = T/N, \quad B = Q - T^2/N, \quad s^2 = (W + B)/(N - 1)
        """
        mean = self.total / self.n
        within = max(0.0, self.within)
        apart = max(0.0, self.squares - self.total * mean)
        return Pooled(
            organisations=self.organisations,
            n=self.n,
            mean=mean,
            sd=sqrt((within + apart) / (self.n - 1)),
            within=sqrt(within / (self.n - self.organisations)),
            between=sqrt(apart / self.n),
        )
