#!/usr/bin/env -S python3 -E
"""Writes assets/insight/word_weights.txt: how much each word of the question bank tells.

The weight is the inverse document frequency, ln(N / (1 + n)), over the bank's labels, hints, cues and examples; stems as
src/insight/question_points.rs makes them, which prints them for this script (`cargo test --lib print_bank_stems -- --ignored
--nocapture | scripts/word_weights.py > assets/insight/word_weights.txt`): one text a line, its stems with spaces between.
"""
import collections
import math
import sys

count, seen = 0, collections.Counter()
for line in sys.stdin:
    if line.startswith("stems:"):
        count += 1
        seen.update(set(line[6:].split()))
for word, times in sorted(seen.items()):
    # What stands once only weighs as much as a word that the bank does not know.
    if times > 1:
        print(word, f"{math.log(count / (1 + times)):.2f}")
