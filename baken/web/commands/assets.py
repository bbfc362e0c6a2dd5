"""`baken assets`: build what browsers fetch."""

from baken.web.assets import BUILT, build_assets


def assets() -> None:
    """Build fonts, styles and scripts from the installed packages."""
    for name in build_assets():
        print(f"built {BUILT.name}/{name}")
