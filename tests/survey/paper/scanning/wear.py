"""What happens to a page between the pen and the file: paper, copier, scanner, phone, coffee."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
_COARSE = 8


@dataclass(frozen=True)
class Wear:
    """One page's fate. Lengths in millimetres, angles in degrees, shares of 1."""

    dpi: float = 200
    rotation: float = 0
    turned: int = 0
    shift: tuple[float, float] = (0, 0)
    scale: tuple[float, float] = (1, 1)
    perspective: float = 0
    wave: float = 0
    shading: float = 0
    noise: float = 2
    blur: float = 0
    jpeg: int = 0
    stains: int = 0
    fold: bool = False
    photocopy: bool = False
    torn: bool = False
    bitonal: bool = False
    pale: float = 0


def clean(random: Generator) -> Wear:
    """A sheet through a feeder."""
    return Wear(
        dpi=float(random.choice([200, 240, 300])),
        rotation=random.normal(0, 0.7),
        turned=int(random.choice([0, 180, 90, 270], p=[0.82, 0.12, 0.03, 0.03])),
        shift=tuple(random.uniform(-3, 3, 2)),
        scale=tuple(random.uniform(0.985, 1.01, 2)),
        wave=random.uniform(0, 0.25),
        shading=random.uniform(0, 0.08),
        noise=random.uniform(1, 4.5),
        blur=random.uniform(0, 0.08),
        jpeg=int(random.choice([0, 92, 85, 75])),
    )


def damaged(random: Generator) -> Wear:
    """A sheet that was carried about, copied, photographed or stained; often several of these."""
    phone = random.random() < 0.35
    return Wear(
        # a phone of today has twelve million points, and not all of them see the page
        dpi=float(random.choice([250, 300, 350] if phone else [200, 200, 240, 300, 400])),
        rotation=random.normal(0, 1.2),
        turned=int(random.choice([0, 180, 90, 270], p=[0.7, 0.18, 0.06, 0.06])),
        shift=tuple(random.uniform(-3, 3, 2)),
        scale=tuple(random.uniform(0.96, 1.03, 2)),
        perspective=random.uniform(0.005, 0.05) if phone else 0,
        wave=random.uniform(0.1, 0.6),
        shading=random.uniform(0.2, 0.55) if phone else random.uniform(0, 0.2),
        noise=random.uniform(2, 9),
        blur=random.uniform(0.03, 0.2),
        jpeg=int(random.choice([0, 75, 60, 45, 35])),
        stains=int(random.choice([0, 1, 2], p=[0.65, 0.25, 0.1])),
        fold=random.random() < 0.3,
        photocopy=random.random() < 0.25,
        torn=random.random() < 0.03,
        bitonal=not phone and random.random() < 0.12,
        pale=random.uniform(0, 0.35) if random.random() < 0.3 else 0,
    )


def wear_out(page: Grey, per_mm: float, wear: Wear, random: Generator) -> Grey:
    """Return the picture that comes out of the scanner."""
    if wear.photocopy:
        page = photocopied(page, per_mm, random)
    for _ in range(wear.stains):
        page = _stained(page, per_mm, random)
    if wear.fold:
        page = _folded(page, per_mm, random)
    if wear.torn:
        page = _torn(page, per_mm, random)
    seen = _scanned(page, per_mm, wear, random)
    seen = _lit(seen, wear, random)
    if wear.bitonal:
        seen = np.where(seen < random.uniform(120, 165), 0, 255).astype(np.uint8)
    if wear.jpeg:
        _, content = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, wear.jpeg])
        seen = np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.uint8)
    return np.ascontiguousarray(np.rot90(seen, -wear.turned // 90))


def _scanned(page: Grey, per_mm: float, wear: Wear, random: Generator) -> Grey:
    rows, columns = page.shape
    target = wear.dpi / 25.4
    width, height = round(columns / per_mm * target), round(rows / per_mm * target)
    sigma = np.hypot(wear.blur, 0.35 / target) * per_mm
    soft = cv2.GaussianBlur(page, (0, 0), sigma) if sigma > 0.3 else page
    zoom = target / per_mm
    middle = np.array([width / 2, height / 2])
    turn = np.deg2rad(wear.rotation)
    cosine, sine = np.cos(turn), np.sin(turn)
    linear = np.array([[cosine, -sine], [sine, cosine]]) @ np.diag(wear.scale) * zoom
    offset = middle - linear @ np.array([columns / 2, rows / 2]) + np.array(wear.shift) * target
    matrix = np.vstack([np.column_stack([linear, offset]), [0, 0, 1]])
    frame = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    if wear.perspective:
        moved = frame + random.uniform(-1, 1, (4, 2)) * wear.perspective * width
        # a phone sees more than the page: everything stays in the picture
        shrunk = (moved - middle) * (0.94 - 2 * wear.perspective) + middle
        matrix = cv2.getPerspectiveTransform(frame, shrunk.astype(np.float32)) @ matrix
    # where each point comes from, on a coarse grid: all of it is smooth
    grid = (width // _COARSE + 2, height // _COARSE + 2)
    xs, ys = np.meshgrid(np.arange(grid[0]) * _COARSE, np.arange(grid[1]) * _COARSE)
    lifted = np.linalg.inv(matrix) @ np.stack([xs.ravel(), ys.ravel(), np.ones(xs.size)])
    from_x, from_y = (lifted[:2] / lifted[2]).reshape(2, *xs.shape)
    if wear.wave:
        from_x = from_x + _bent(wear.wave, grid, random) * per_mm
        from_y = from_y + _bent(wear.wave, grid, random) * per_mm
    fine = np.array([[_COARSE, 0, 0], [0, _COARSE, 0]], np.float64)
    map_x, map_y = (
        cv2.warpAffine(values.astype(np.float32), fine, (width, height), flags=cv2.INTER_LINEAR)
        for values in (from_x, from_y)
    )
    beyond = int(random.choice([255, 250, 40], p=[0.6, 0.25, 0.15]))
    return np.asarray(
        cv2.remap(
            soft,
            map_x,
            map_y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=beyond,
        ),
        np.uint8,
    )


def _bent(wave: float, size: tuple[int, int], random: Generator) -> NDArray[np.float32]:
    knots = random.normal(0, wave / 2, (5, 4)).astype(np.float32)
    return np.asarray(cv2.resize(knots, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _lit(seen: Grey, wear: Wear, random: Generator) -> Grey:
    rows, columns = seen.shape
    light = np.ones((rows, columns), np.float32)
    if wear.shading:
        knots = 1 - random.uniform(0, wear.shading, (3, 3)).astype(np.float32)
        light = cv2.resize(knots, (columns, rows), interpolation=cv2.INTER_CUBIC)
    paper = random.uniform(235, 255) / 255
    tone = seen.astype(np.float32) * np.float32(1 - wear.pale) + np.float32(255 * wear.pale)
    grain = random.standard_normal(seen.shape, np.float32) * np.float32(wear.noise)
    tone = tone * light * np.float32(paper) + grain
    return np.clip(tone, 0, 255).astype(np.uint8)


def photocopied(page: Grey, per_mm: float, random: Generator) -> Grey:
    """Harder contrast, a little spread, black specks, a streak along the page."""
    soft = cv2.GaussianBlur(page, (0, 0), random.uniform(0.05, 0.12) * per_mm).astype(np.float32)
    hard = np.clip((soft - 128) * random.uniform(1.5, 2.5) + random.uniform(128, 170), 0, 255)
    copied = hard.astype(np.uint8)
    for _ in range(random.integers(20, 120)):
        x, y = random.integers(0, page.shape[1]), random.integers(0, page.shape[0])
        cv2.circle(copied, (int(x), int(y)), int(random.uniform(0.04, 0.14) * per_mm) + 1, 40, -1)
    if random.random() < 0.4:
        x = int(random.integers(0, page.shape[1]))
        piece = copied[:, x : x + max(1, int(0.15 * per_mm))]
        piece[:] = (piece * random.uniform(0.55, 0.9)).astype(np.uint8)
    return copied


def _stained(page: Grey, per_mm: float, random: Generator) -> Grey:
    """A ring or a blot of coffee: darker at its edge."""
    small = np.zeros((page.shape[0] // 8, page.shape[1] // 8), np.float32)
    scale = per_mm / 8
    x, y = random.uniform(0, small.shape[1]), random.uniform(0, small.shape[0])
    radius = random.uniform(8, 40) * scale
    depth = random.uniform(0.08, 0.4)
    turn = np.linspace(0, 2 * np.pi, 60)
    rough = radius * (1 + 0.06 * np.sin(3 * turn + random.uniform(0, 6)))
    outline = np.column_stack([x + rough * np.cos(turn), y + rough * np.sin(turn)]).astype(np.int32)
    if random.random() < 0.6:
        cv2.fillPoly(small, [outline], depth * 0.5)
    cv2.polylines(small, [outline], True, depth, max(1, int(random.uniform(1, 2.5) * scale)))
    small = cv2.GaussianBlur(small, (0, 0), 0.35 * scale)
    cover = cv2.resize(small, page.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.clip(page * (1 - cover), 0, 255).astype(np.uint8)


def _folded(page: Grey, per_mm: float, random: Generator) -> Grey:
    """A crease across or along: a shadow, and what lies below it a little displaced."""
    if random.random() < 0.5:
        return np.ascontiguousarray(_folded_across(page.T, per_mm, random).T)
    return _folded_across(page, per_mm, random)


def _folded_across(page: Grey, per_mm: float, random: Generator) -> Grey:
    at = int(page.shape[0] * random.uniform(0.3, 0.7))
    step = int(random.uniform(-0.35, 0.35) * per_mm)
    folded = page.copy()
    folded[at:] = np.roll(page[at:], step, axis=1)
    half = max(1, int(random.uniform(0.1, 0.35) * per_mm))
    crease = folded[at - half : at + half].astype(np.float32)
    folded[at - half : at + half] = (crease * random.uniform(0.7, 0.95)).astype(np.uint8)
    return folded


def _torn(page: Grey, per_mm: float, random: Generator) -> Grey:
    """A corner gone, with the mark in it or most of it."""
    size = random.uniform(16, 32) * per_mm
    torn = page.copy()
    corner = np.array([(0, 0), (size, 0), (0, size * random.uniform(0.8, 1.2))])
    if random.random() < 0.5:
        corner[:, 0] = page.shape[1] - corner[:, 0]
    if random.random() < 0.5:
        corner[:, 1] = page.shape[0] - corner[:, 1]
    cv2.fillPoly(torn, [corner.astype(np.int32)], 250)
    return torn
