"""What a release says of paper beside screen: of the whole organisation alone."""

from collections.abc import Mapping
from typing import Any

from baken.analysis.tallies.counts import Counts


def modes_to_tell(counts: Counts, results: Mapping[str, Any], min_group: int) -> dict[str, Any]:
    """Return the part of the results about modes; nothing where there is nothing to compare.

    What may stand beside units and bands was found while answers were counted: a smallest group
    that was raised since takes all of it away. A scale that is not shown of the organisation is
    not compared either.
    """
    breakdowns = counts.tally.breakdowns
    if breakdowns is None or breakdowns.min_group < min_group:
        return {}
    told = {
        key: {"effect": one.effect, "low": one.low, "high": one.high, "notable": one.is_notable}
        for key, one in counts.modes
        if results["scales"][key].get("mean") is not None
    }
    return {"modes": told} if told else {}
