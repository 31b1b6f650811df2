#!/usr/bin/env python3
"""Turns CHANGELOG.md into what each package format wants to read of it.

    release_notes.py markdown VERSION             the section of one version, for the page of the release
    release_notes.py appstream VERSION DATE       <release> elements, newest first
    release_notes.py debian VERSION DATE MAINTAINER   a Debian changelog
    release_notes.py rpm VERSION DATE MAINTAINER      the %changelog of a spec file

DATE is that of VERSION, as seconds since 1970; other versions have theirs in the file. Where there is no section for VERSION,
what is under "Unreleased" is taken for it.
"""

import re
import sys
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\S+))?", re.M)


def sections(text):
    """(version, date or None, text) of each section, newest first."""
    found = list(HEADING.finditer(text))
    ends = [heading.start() for heading in found[1:]] + [len(text)]
    for heading, end in zip(found, ends):
        date = heading["date"] if re.fullmatch(r"\d{4}-\d{2}-\d{2}", heading["date"] or "") else None
        yield heading["version"], date, text[heading.end() : end].strip("\n")


def releases(text, version, date):
    """(version, datetime, text) of what was released up to `version`, newest first."""
    known = list(sections(text))
    names = [name for name, _, _ in known]
    if version in names and version != "Unreleased":
        known = known[names.index(version) :]
    when = datetime.fromtimestamp(int(date), timezone.utc)
    out = []
    for name, day, body in known:
        if name in (version, "Unreleased"):
            # One version, in the making: both sections are its notes.
            if out and out[0][0] == version:
                out[0] = (version, when, out[0][2] + "\n\n" + body)
            else:
                out.append((version, when, body))
        elif day:
            out.append((name, datetime.fromisoformat(day).replace(tzinfo=timezone.utc), body))
    return out


def items(body):
    """(heading, items) of a section; an item is one line without Markdown."""
    heading, lines, out = "", [], []

    def plain(text):
        text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
        return re.sub(r"\s+", " ", re.sub(r"[*`]{1,2}", "", text)).strip()

    def end():
        if lines:
            out.append((heading, list(lines)))
            lines.clear()

    for line in body.splitlines():
        if line.startswith("### "):
            end()
            heading = line[4:].strip()
        elif line.startswith("- "):
            lines.append(line[2:])
        elif line.startswith("  ") and lines:
            lines[-1] += " " + line.strip()
    end()
    return [(heading, [plain(line) for line in lines]) for heading, lines in out]


def appstream(entries):
    """AppStream takes no addresses in a description."""
    out = []
    for version, when, body in entries:
        out.append(f'    <release version="{escape(version)}" date="{when:%Y-%m-%d}">\n      <description>')
        for heading, lines in items(body):
            out.append(f"        <p>{escape(heading)}</p>\n        <ul>")
            out += [f"          <li>{escape(re.sub(r'https?://', '', line))}</li>" for line in lines]
            out.append("        </ul>")
        out.append("      </description>\n    </release>")
    return "\n".join(out)


def wrapped(line, first, rest, width=80):
    lines, current = [], first
    for word in line.split():
        if len(current) + 1 + len(word) > width and current.strip("*- "):
            lines.append(current)
            current = rest + word
        else:
            current += ("" if current.endswith(" ") else " ") + word
    return lines + [current]


def debian(entries, maintainer):
    out = []
    for version, when, body in entries:
        out += [f"aloud ({version}) unstable; urgency=medium", ""]
        for _, lines in items(body):
            for line in lines:
                out += wrapped(line, "  * ", "    ")
        out += ["", f" -- {maintainer}  {format_datetime(when)}", ""]
    return "\n".join(out)


def rpm(entries, maintainer):
    out = []
    for version, when, body in entries:
        out.append(f"* {when:%a %b %d %Y} {maintainer} - {version}-1")
        for _, lines in items(body):
            for line in lines:
                out += wrapped(line.replace("%", "%%"), "- ", "  ")
        out.append("")
    return "\n".join(out)


def main(arguments):
    form, version, *rest = arguments
    text = (Path(__file__).parent.parent / "CHANGELOG.md").read_text()
    entries = releases(text, version, rest[0] if rest else 0)
    if not entries:
        sys.exit(f"CHANGELOG.md has no section for {version}, and none for what is unreleased.")
    if form == "markdown":
        print(entries[0][2])
    elif form == "appstream":
        print(appstream(entries))
    elif form == "debian":
        print(debian(entries, rest[1]))
    elif form == "rpm":
        print(rpm(entries, rest[1]))
    else:
        sys.exit(f"'{form}' is none of markdown, appstream, debian, rpm.")


if __name__ == "__main__":
    main(sys.argv[1:])
