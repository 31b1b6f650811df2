#!/usr/bin/env -S python3 -E
"""Lists the questions whose facts were last checked more than two years before a date: `scripts/old_facts.py 2028-12`.

For a release: no test reads the clock. Standard library only.
"""
import pathlib
import re
import sys
import tomllib

YEARS = 2


def months(text):
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not found:
        sys.exit(f"'{text}' is no year and month, such as 2028-12.")
    return int(found[1]) * 12 + int(found[2])


def main(arguments):
    if len(arguments) != 1:
        sys.exit("usage: scripts/old_facts.py YEAR-MONTH")
    today, old, dated = months(arguments[0]), 0, 0
    for path in sorted(pathlib.Path("questions").glob("*.toml")):
        for question in tomllib.loads(path.read_text())["questions"]:
            if "checked" in question:
                dated += 1
                if today - months(question["checked"]) > YEARS * 12:
                    old += 1
                    print(f"{path}: {question['id']}: {question['checked']}")
    print(f"{old} of {dated} dated questions are older than {YEARS} years.")


main(sys.argv[1:])
