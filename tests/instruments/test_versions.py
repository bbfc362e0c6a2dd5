"""Which scales of two versions may be compared."""

from dataclasses import replace

import pytest

from baken.instruments.library import load_instrument
from baken.instruments.versions import comparable_scales

FULL = load_instrument("vijf-a", "2")


def test_a_version_can_be_compared_with_itself_whoever_wrote_it():
    own = replace(FULL, key="own", fingerprint="0" * 64)
    assert comparable_scales(own, "own", "2") == tuple(scale.key for scale in FULL.scales)


def test_only_scales_that_kept_their_meaning_can_be_compared_with_the_version_before():
    scales = comparable_scales(FULL, "vijf-a", "1")
    assert "workload" in scales
    assert "exhaustion" not in scales
    assert list(scales) == [scale.key for scale in FULL.scales if scale.key in scales]


def test_scales_that_were_left_out_are_not_named():
    (workload,) = (scale for scale in FULL.scales if scale.key == "workload")
    assert comparable_scales(replace(FULL, scales=(workload,)), "vijf-a", "1") == ("workload",)


@pytest.mark.parametrize(
    ("instrument", "key", "version"),
    [
        (replace(FULL, fingerprint="0" * 64), "vijf-a", "1"),  # somebody edited the texts
        (replace(FULL, version="9"), "vijf-a", "1"),
        (FULL, "vijf-a", "0"),
        (FULL, "vijf-a-kort", "1"),
        (FULL, "", ""),
        (load_instrument("vijf-a", "1"), "vijf-a", "2"),
        (load_instrument("vijf-a-kort"), "vijf-a", "2"),
        (load_instrument("puls"), "puls", "0"),
    ],
)
def test_nothing_else_can_be_compared(instrument, key, version):
    assert comparable_scales(instrument, key, version) == ()
