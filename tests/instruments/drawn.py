"""Any questionnaire the format allows, drawn at random, as the tables of its files."""

from hypothesis import strategies as st

from baken.instruments.definition import DIMENSIONS, UNCONFIRMED

TEXT = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=30
).filter(lambda text: text.strip())
LANGUAGES = ("nl", "nl-easy", "fr", "it", "gsw")


@st.composite
def formats(draw):
    low = draw(st.integers(-3, 3))
    made = {"low": low, "high": low + draw(st.integers(1, 6))}
    if draw(st.booleans()):
        made["numeric"] = True
    return made


@st.composite
def definitions(draw):
    known = {f"f{n}": draw(formats()) for n in range(draw(st.integers(1, 3)))}
    scales, items = {}, []
    for number in range(draw(st.integers(1, 4))):
        codes = [f"S{number}_{n}" for n in range(draw(st.integers(1, 3)))]
        scales[f"s{number}"] = draw(_scale(codes))
        for code in codes:
            item = {"code": code, "format": draw(st.sampled_from(sorted(known)))}
            if draw(st.booleans()):
                item["not_applicable"] = True
            items.append(item)
    scales |= draw(_totals(scales))
    items = draw(st.permutations(items))
    spoken = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True))
    definition = {
        "key": "drawn",
        "version": "1",
        "kind": "questionnaire",
        "languages": spoken,
        "dimensions": sorted({scale["dimension"] for scale in scales.values()}),
        "source": "Drawn.",
        "licence": draw(TEXT),
        "formats": known,
        "scales": scales,
        "items": items,
    }
    if draw(st.booleans()):
        definition["unconfirmed"] = draw(st.lists(TEXT, min_size=1, max_size=2, unique=True))
    if draw(st.booleans()):
        bands = draw(st.lists(TEXT, min_size=2, max_size=3, unique=True))
        definition["backgrounds"] = [{"key": "S0", "bands": bands}]
    if draw(st.booleans()):
        definition["open_questions"] = [{"key": "S0_0", "max_bytes": draw(st.integers(1, 9999))}]
    if draw(st.integers(0, 4)) == 0:
        definition["structure_only"] = True
    return definition


@st.composite
def _scale(draw, codes):
    high_is = draw(st.sampled_from(["risk", "resource"]))
    made = {
        "dimension": draw(st.sampled_from(DIMENSIONS)),
        "high_is": high_is,
        "items": codes,
        "source": "Drawn.",
    }
    if draw(st.booleans()):
        made["reversed"] = codes[:1]
    if draw(st.booleans()):
        operator = ">=" if high_is == "risk" else "<"
        value = draw(st.floats(0, 100) | st.integers(0, 100))
        made["cutoff"] = {"operator": operator, "value": value, "source": "Drawn."}
    for key, values in (
        ("min_group", st.integers(5, 50)),
        ("min_answered", st.floats(0.1, 1)),
        ("lights", st.just({"orange_from": 0.2, "red_from": 0.4})),
        ("unconfirmed", st.lists(st.sampled_from(UNCONFIRMED), min_size=1, unique=True)),
    ):
        if draw(st.integers(0, 3)) == 0:
            made[key] = draw(values)
    return made


@st.composite
def _totals(draw, scales):
    if draw(st.booleans()):
        return {}
    direction = scales["s0"]["high_is"]
    parts = [one for one in scales.values() if one["high_is"] == direction]
    codes = [code for one in parts for code in one["items"]]
    return {
        "total": {
            "dimension": "O",
            "high_is": direction,
            "items": codes,
            "total": True,
            "source": "Drawn.",
        }
    }


def texts_for(definition, language, seed):
    """Texts of one language, each different; drawing every one of them would take long."""
    dimensions, scales = definition["dimensions"], list(definition["scales"])
    made = {"language": language, "title": seed}
    for section, keys in (
        *(("dimensions", dimensions), ("dimension_headings", dimensions)),
        *(("scales", scales), ("scale_notes", scales)),
        ("items", [item["code"] for item in definition["items"]]),
    ):
        made[section] = {key: f"{key}{seed}{section}" for key in keys}
    made["short_scales"] = dict(zip(scales, "abcde", strict=False))
    made["options"] = {
        key: {
            str(value): f"{value}{seed}"
            for value in range(one["low"], one["high"] + 1)
            if "numeric" not in one or value == 0
        }
        for key, one in definition["formats"].items()
    }
    for background in definition.get("backgrounds", []):
        made["backgrounds"] = {background["key"]: f"?{seed}"}
        bands = {band: f"{seed}{band}" for band in background["bands"]}
        made["bands"] = {background["key"]: bands}
    if "open_questions" in definition:
        made["open_questions"] = {one["key"]: f"!{seed}" for one in definition["open_questions"]}
    cut = [key for key, scale in definition["scales"].items() if "cutoff" in scale]
    if cut and len(seed) % 2:
        made["cutoff_sources"] = {key: f"{seed} {key}" for key in cut}
    return made


@st.composite
def instruments(draw):
    """The tables of a definition, and of the texts in each of its languages."""
    definition = draw(definitions())
    return definition, {
        one: texts_for(definition, one, draw(TEXT)) for one in definition["languages"]
    }
