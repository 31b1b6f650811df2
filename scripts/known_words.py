#!/usr/bin/env -S python3 -E
"""Writes assets/known_words.txt: the words of the question bank and of the training sentences, each once, in lower case.

They tell a word from a piece of one: "informa-" at the end of a line, "mon-" before "Montreal", "agar agar". Run it
after the bank has changed much: `scripts/known_words.py > assets/known_words.txt`.
"""
import collections
import pathlib
import re

here = pathlib.Path(__file__).resolve().parent.parent
seen = collections.Counter()
for file in [*sorted((here / "questions").glob("*.toml")), *sorted((here / "tests/it/insight").glob("general_*.txt"))]:
    words = re.findall(r"[A-Za-z]+(?:'[a-z]+)?", file.read_text(encoding="utf-8").replace("’", "'"))
    seen.update(word.lower() for word in words)
print("# The words of the question bank and of the training sentences (scripts/known_words.py).")
for word in sorted(seen):
    if len(word) > 2:
        print(word)
