"""What an address list says, and what is wrong with it: nothing is guessed, nothing half taken."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.storage.workbooks import Sheet, write_rows
from baken.survey.codes.models import Channel
from baken.survey.errors import InvalidRecipient
from baken.survey.invitations.reading import read_entries
from baken.survey.invitations.rules import Entry, Ground, check_entries

WAYS = frozenset({Channel.MAIL, Channel.LETTER})
GROUND = Ground(
    units={"01": ("a",), "zorg": ("a",), "02": ("b",), "atelier": ("b",), "team": ("a", "b")},
    names={"a": "Zorg", "b": "Atelier"},
    ways={"a": WAYS, "b": frozenset({Channel.LETTER})},
    languages=("nl", "fr"),
    bands={},
    room={("a", None): 3, ("b", None): 1},
    known=("bekend@voorbeeld.example",),
)


def entry(line: int = 2, **changed: str) -> Entry:
    said = {"name": "An", "address": "an@voorbeeld.example", "unit": "01", "language": "nl"}
    return Entry(line=line, **(said | changed))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "incomplete"),
        ({"unit": ""}, "incomplete"),
        ({"address": "x" * 501}, "too_long"),
        ({"address": "an@voorbeeld"}, None),
        ({"address": "an@@voorbeeld.example"}, "address_odd"),
        ({"address": "añ@voorbeeld.example"}, "address_odd"),
        ({"address": "an@voorbeeld.example\nBcc: bo@voorbeeld.example"}, "address_odd"),
        ({"address": "Kerkstraat 1"}, "address_odd"),
        ({"address": "Kerkstraat 1, 8000 Brugge"}, None),
        ({"unit": "09"}, "unit_unknown"),
        ({"unit": "Team"}, "unit_ambiguous"),
        ({"unit": "ZORG"}, None),
        ({"unit": "Atelier"}, "no_mail"),
        ({"language": "de"}, "language_unknown"),
        ({"language": ""}, None),
        ({"address": "BEKEND@voorbeeld.example"}, "known"),
    ],
)
def test_every_line_is_looked_at_and_says_what_to_do(changed, said):
    found = check_entries([entry(**changed)], GROUND)
    keys = [remark.key for remark in found.problems]
    assert keys == ([f"survey.recipient_{said}"] if said else [])
    assert len(found.people) == (0 if said else 1)


def test_doubles_are_refused_and_what_looks_alike_is_asked():
    found = check_entries(
        [
            entry(2, address="an@voorbeeld.example"),
            entry(3, address="AN@Voorbeeld.example"),
            entry(4, address="an+werk@voorbeeld.example"),
            entry(5, address="bekend+x@voorbeeld.example"),
            entry(6, address="Kerkstraat 1, 8000 Brugge", unit="02"),
            entry(7, address="Kerkstraat 1 | 8000 Brugge", unit="02", name="AN"),
        ],
        GROUND,
    )
    assert [(remark.line, remark.key, remark.values["first"]) for remark in found.problems] == [
        (3, "survey.recipient_twice", 2),
        (7, "survey.recipient_twice", 6),
    ]
    assert [(remark.line, remark.values["first"]) for remark in found.questions] == [
        (4, 2),
        (5, "-"),
    ]


def test_a_unit_takes_no_more_than_its_people():
    entries = [entry(n, address=f"p{n}@voorbeeld.example") for n in range(2, 7)]
    [remark] = check_entries(entries, GROUND).problems
    assert (remark.line, remark.key) == (5, "survey.recipient_over")
    assert remark.values == {"unit": "Zorg", "people": 5, "room": 3}


def test_where_codes_carry_a_group_every_line_needs_one():
    ground = Ground(
        units=GROUND.units,
        names=GROUND.names,
        ways=GROUND.ways,
        languages=GROUND.languages,
        bands={"w": "w", "arbeider": "w", "b": "b"},
        room={("a", "w"): 1},
        groups=("Arbeider", "Bediende"),
    )
    told = [entry(2, group="Arbeider"), entry(3, group="", address="bo@voorbeeld.example")]
    found = check_entries(told, ground)
    assert [person.stratum for person in found.people] == ["w"]
    assert [remark.key for remark in found.problems] == ["survey.recipient_group_unknown"]
    assert found.problems[0].values["groups"] == "Arbeider, Bediende"  # no internal names
    without = b"naam,adres,eenheid\nAn,an@voorbeeld.example,01"
    assert len(read_entries(without)) == 1
    with pytest.raises(InvalidRecipient) as error:
        read_entries(without, needs_group=True)
    assert error.value.key == "survey.recipients_group_column"


def test_after_the_start_nobody_is_sent_to_the_preparation():
    ground = replace(GROUND, is_running=True)
    for address, way in (("an@voorbeeld.example", "mail"), ("Kerkstraat 1, 8000 Brugge", "letter")):
        closed = replace(ground, ways=dict.fromkeys(GROUND.ways, frozenset()))
        [remark] = check_entries([entry(2, address=address)], closed).problems
        assert remark.key == f"survey.recipient_no_{way}_now"


written = st.builds(
    entry,
    st.integers(2, 9),
    name=st.text(max_size=4),
    address=st.text("a@.+ ,\n", max_size=12),
    unit=st.sampled_from(["01", "02", "x"]),
)


@given(st.lists(written))
def test_every_line_is_taken_or_named(entries):
    found = check_entries(entries, GROUND)
    over = sum(remark.key == "survey.recipient_over" for remark in found.problems)
    assert len(found.people) + len(found.problems) - over == len(entries)
    marks = [person.mark for person in found.people]
    assert len(set(marks)) == len(marks)


def test_a_workbook_and_a_csv_file_say_the_same():
    rows = [
        ["Naam", "E-mail", "Eenheid", "Taal"],
        ["An", "an@voorbeeld.example", "01", "fr"],
        ["", "", "", ""],
        ["Bo", "Kerkstraat 1\n8000 Brugge", 2, None],
    ]
    lines = (
        "naam;e-mail;eenheid;taal\nAn;an@voorbeeld.example;01;fr\n;;;\n"
        '"Bo";"Kerkstraat 1\n8000 Brugge";2;\n'
    )
    read = read_entries(write_rows([Sheet("adressen", rows)]))
    assert read == read_entries(lines.encode())
    assert read[1] == Entry(4, "Bo", "Kerkstraat 1\n8000 Brugge", "2", "", "")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("naam,adres\nAn,x", "survey.recipients_columns"),
        ("naam,adres,mail,eenheid\nAn,x,y,z", "survey.recipients_column_twice"),
        ("naam,adres,eenheid\n", "survey.recipients_none"),
    ],
)
def test_a_file_that_is_no_address_list_is_refused_whole(content, key):
    with pytest.raises(InvalidRecipient) as error:
        read_entries(content.encode())
    assert error.value.key == key
