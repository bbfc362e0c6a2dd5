"""Every field of the forms, one by one, against the explanation they were published with.

Source: Federal Public Service Employment, Labour and Social Dialogue, explanation of the forms of
the annual report of the internal service (A, B and C), edition of 2016. Codes, kinds and forms
below were typed from what was read there, not from the file they are held against. Fields that
later editions may have changed were not read; the file says the edition, and the report prints it.
"""

from baken.actionplan.annualreport.form import Kind, the_form
from baken.actionplan.indicators.yearly import FormType

# code; on which forms; kinds of what is asked under it, in order
FIELDS = """
1.1       AB   line line line line line line line line decimal
1.1       C    table decimal
1.2.1     ABC  line
1.2.2     ABC  line line
1.2.3     ABC  choice
1.2.4     ABC  percent
1.2.5     ABC  yes_no number percent
1.2.6     ABC  choice
1.2.7     ABC  line
1.2.8     ABC  line
1.2.9     BC   number number
1.2.10    C    line day
1.3.1     ABC  choice
1.3.2     A    line line
1.3.3     A    number
2.1       ABC  decimal
2.2       ABC  table number number
2.3       ABC  table
2.4       ABC  table
3.1       ABC  table
3.2       ABC  table
3.3       ABC  table
3.4       ABC  yes_no
4.1       ABC  choice
4.2       ABC  yes_no yes_no
5.1       ABC  table
5.2       ABC  table
6.1       ABC  number
6.2       ABC  yes_no text
7.1       ABC  table
7.2       ABC  number
7.3.1_a   ABC  number
7.3.1_b   ABC  number
7.3.1_c.1 ABC  number
7.3.1_c.2 ABC  number
7.3.1_c.3 ABC  number
7.3.2_a.1 ABC  number
7.3.2_a.2 ABC  number
7.3.2_a.3 ABC  number
7.3.2_b   ABC  number
7.3.2_c.1 ABC  number
7.3.2_c.2 ABC  number
7.3.2_c.3 ABC  number
7.3.2_c.4 ABC  number
7.4       ABC  yes_no
7.4_a     ABC  number
7.4_b.1   ABC  number
7.4_b.2   ABC  number
7.4_b.3   ABC  number
7.4_b.4   ABC  number
7.4_b.5   ABC  number
"""
ANNEXES = {
    "annex_employers": "C",
    "annex_units": "ABC",
    "annex_sections": "BC",
    "annex_statistics": "ABC",
}
CHOICES = {
    "training": ["basic", "level_2", "level_1"],  # level 1 is the highest
    "physician": ["internal", "external"],
}


def test_every_line_of_every_form_is_asked_as_it_was_published() -> None:
    published = [line.split() for line in FIELDS.strip().splitlines()]
    for form in FormType:
        asked: list[tuple[str, str]] = [
            (code.replace("_", " "), kind)
            for code, forms, *kinds in published
            if form in forms
            for kind in kinds
        ]
        found = [(one.code, str(one.kind)) for one in the_form().of(form) if one.code]
        assert found == asked, form
        annexes = [one.key for one in the_form().of(form) if not one.code]
        assert annexes == [key for key, forms in ANNEXES.items() if form in forms]


def test_tables_have_the_rows_and_columns_of_the_forms() -> None:
    fields = the_form().fields
    for key in ("accidents", "commuting"):
        assert [row.key for row in fields[key].rows] == ["B", "C", "D"]
        typed = [column.key for column in fields[key].columns if column.is_typed]
        assert typed == ["fatal", "permanent", "temporary"]
    assert [column.key for column in fields["accidents"].columns][-1] == "rate"
    assert [column.key for column in fields["measures"].columns] == ["measure", "initiator"]
    assert {key: [one.key for one in fields[key].choices] for key in CHOICES} == CHOICES
    # the address of the service: where it is another one, and always on form C
    assert fields["service_address"].needed == "C"
    # asked of some only: groups A and B or a committee or delegation; incidents with outsiders
    assert fields["plan"].when == "plan_asked"
    acts = [one for one in fields.values() if one.code.startswith("7.4 ")]
    assert {one.when for one in acts} == {"outsiders"}
    assert len(acts) == 6
    assert all(one.kind is Kind.NUMBER for one in acts)
