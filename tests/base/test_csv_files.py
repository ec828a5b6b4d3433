"""X4: what is exported is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from hub.base.csv_files import csv_file, rows_as_csv, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example")', "+31612345678", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1",
        "＝1", "＋1", "－1", "＠SUM(A1)", "\u00a0=1", "\x0b=1",
    ],
)  # fmt: skip
def test_x4_no_text_is_read_as_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"), [("Sanne", "Sanne"), ("a=b", "a=b"), (None, ""), (-2.5, "-2.5"), (-3, "-3")]
)
def test_x4_names_and_our_own_numbers_stay_as_they_are(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


@pytest.mark.parametrize("between", [";", "; ", ';"', "\t", "\n", "\r\n"])
@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
def test_x4_no_part_of_a_text_is_one_where_another_separator_holds(between: str, sign: str) -> None:
    """The Dutch Excel splits our lines at semicolons, and takes our quotes for text unless a cell begins with one."""
    text = f"Dorpsstraat 1{between}{sign};rest"
    assert safe_cell(text) == f"Dorpsstraat 1{between}'{sign};rest"


def test_x4_a_cell_ends_where_it_ends_whatever_stands_in_it() -> None:
    rows = [['quote " comma , line \r\n 1=', "سان"], ["'", "next; and next"]]
    assert list(csv.reader(io.StringIO(rows_as_csv(rows), newline=""))) == rows


def test_x4_a_file_is_downloaded_and_not_kept_on_the_way() -> None:
    answer = csv_file("customers", [["Name"], ["=1"]])
    assert answer.content.decode() == "\ufeffName\r\n'=1\r\n"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="customers-20')
    assert answer["Cache-Control"] == "no-store"
