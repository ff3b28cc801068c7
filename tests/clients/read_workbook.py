"""Opens a workbook with openpyxl, unmodified, and prints its sheets as JSON: name to rows.

Days come out as days only if the cells say so; a number that is a text stays one.
"""

import datetime
import json
import sys

import openpyxl


def told(value):
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return value


book = openpyxl.load_workbook(sys.argv[1])
sheets = {
    sheet.title: [[told(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    for sheet in book.worksheets
}
print(json.dumps(sheets))
