"""Writes tables/*.rs from the `unicodedata` and `str` of a Python 3.14.

Run as `python3.14 generate_tables.py tables NamedSequences.txt` after the
reference moves to a newer Unicode version; the second file is Unicode's. The
result is committed, so a build needs no Python.
"""

import _sre
import sys
import unicodedata as ucd

LIMIT = 0x110000
SHIFT = 6
BLOCK = 1 << SHIFT

FLAGS = [
    "ALPHA", "DECIMAL", "DIGIT", "NUMERIC", "SPACE", "LOWER", "UPPER", "TITLE",
    "PRINTABLE", "ID_START", "ID_CONTINUE", "CASED", "CASE_IGNORABLE",
    "LINE_BREAK", "EXTENDED_CASE",
]
CATEGORIES = [
    "Cn", "Lu", "Ll", "Lt", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl",
    "Zp", "Cc", "Cf", "Cs", "Co", "Lm", "Lo", "Pc", "Pd", "Ps", "Pe", "Pi",
    "Pf", "Po", "Sm", "Sc", "Sk", "So",
]
BIDI = [
    "", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET",
    "AN", "CS", "NSM", "BN", "B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI",
]
WIDTHS = ["F", "H", "W", "Na", "A", "N"]
TAGS = [
    "", "<font>", "<noBreak>", "<initial>", "<medial>", "<final>",
    "<isolated>", "<circle>", "<super>", "<sub>", "<vertical>", "<wide>",
    "<narrow>", "<small>", "<square>", "<fraction>", "<compat>",
]
SIGMA = "\u03a3"


def final_sigma(s):
    return s.lower().endswith("\u03c2")


def type_record(c, extended):
    s = chr(c)
    ignorable = final_sigma("A" + s + SIGMA) and not final_sigma("." + s + SIGMA)
    cased = (s + "a").title().endswith("a")
    has = [
        s.isalpha(), s.isdecimal(), s.isdigit(), s.isnumeric(), s.isspace(),
        s.islower(), s.isupper(), ucd.category(s) == "Lt", s.isprintable(),
        s.isidentifier(), ("a" + s).isidentifier(), cased, ignorable,
        len((s + "x").splitlines()) == 2, c in extended,
    ]
    flags = sum(1 << i for i, bit in enumerate(has) if bit)
    lower = _sre.unicode_tolower(c) - c
    upper, title = (ord(m) - c if len(m := f(s)) == 1 else 0
                    for f in (str.upper, str.title))
    return (flags, ucd.decimal(s, -1), ucd.digit(s, -1), lower, upper, title)


def database_record(c, version=ucd):
    s = chr(c)
    return (CATEGORIES.index(version.category(s)), BIDI.index(version.bidirectional(s)),
            version.combining(s), WIDTHS.index(version.east_asian_width(s)),
            version.mirrored(s))


def extended_case():
    rows = {}
    for c in range(LIMIT):
        s = chr(c)
        simple = chr(_sre.unicode_tolower(c))
        full = [s.upper(), s.lower() if s != SIGMA else "\u03c3", s.title(), s.casefold()]
        if len(full[0]) > 1 or len(full[2]) > 1 or full[1] != simple or full[3] != simple:
            rows[c] = full
    return rows


def wrap(items, width=400):
    lines, line = [], ""
    for item in items:
        if len(line) + len(item) + 2 > width:
            lines.append(line.rstrip())
            line = ""
        line += item + ", "
    lines.append(line.rstrip())
    return "\n".join(lines)


def array(name, type_, items, doc):
    items = list(items)
    return (f"/// {doc}\n#[rustfmt::skip]\npub(crate) static {name}: "
            f"[{type_}; {len(items)}] = [\n{wrap(map(str, items))}\n];\n")


def two_stage(prefix, indexes):
    blocks, first, second = {}, [], []
    for i in range(0, LIMIT, BLOCK):
        block = tuple(indexes[i:i + BLOCK])
        if block not in blocks:
            blocks[block] = len(blocks)
            second += block
        first.append(blocks[block])
    kind = "u8" if max(second) < 256 else "u16"
    return (array(prefix + "_FIRST", "u16", first, "Block number of each run of 64 code points.")
            + array(prefix + "_SECOND", kind, second, "Record number of each code point of a block."))


def records(make):
    seen, indexes = {}, []
    for c in range(LIMIT):
        indexes.append(seen.setdefault(make(c), len(seen)))
    return list(seen), indexes


def tuples(rows):
    return ["(" + ", ".join(map(str, row)) + ")" for row in rows]


def write(folder, name, doc, body):
    with open(f"{folder}/{name}.rs", "w") as out:
        out.write(f"//! {doc}\n//!\n//! Unicode {ucd.unidata_version}; "
                  "written by `generate_tables.py`, not by hand.\n\n" + body)


def version_3_2():
    old, runs, values = ucd.ucd_3_2_0, [], []
    for c in range(LIMIT):
        s = chr(c)
        record = database_record(c, old)
        if record != database_record(c):
            if runs and runs[-1][1] == c - 1 and runs[-1][2:] == record:
                runs[-1] = (runs[-1][0], c, *record)
            else:
                runs.append((c, c, *record))
        now, then = ((m.decimal(s, -1), m.digit(s, -1), m.numeric(s, None)) for m in (ucd, old))
        if now != then and old.category(s) != "Cn":
            numeric = "None" if then[2] is None else f"Some({then[2]!r})"
            values.append((c, then[0], then[1], numeric))
    corrected = [(c, ord(old.normalize("NFC", chr(c)))) for c in range(0xF900, 0x30000)
                 if old.category(chr(c)) != "Cn"
                 and old.normalize("NFC", chr(c)) != ucd.normalize("NFC", chr(c))]
    return (array("OLD_RUNS", "(u32, u32, u8, u8, u8, u8, u8)", tuples(runs),
                  "First and last code point of runs with other properties, sorted.")
            + array("OLD_VALUES", "(u32, i8, i8, Option<f64>)", tuples(values),
                    "Code points with another decimal, digit or numeric value, sorted.")
            + array("OLD_NORMALIZED", "(u32, u32)", tuples(corrected),
                    "Code points whose normal form was corrected later, sorted."))


def named_sequences(path):
    names = {line.split(";")[0].strip() for line in open(path)
             if ";" in line and not line.startswith("#")}
    text, rows = [], []
    for name in sorted(names):
        sequence = ucd.lookup(name)
        rows.append(f'("{name}", {len(text)}, {len(sequence)})')
        text += map(ord, sequence)
    return (array("SEQUENCE_TEXT", "u32", text, "The code points of the sequences.")
            + array("SEQUENCES", "(&str, u16, u8)", rows, "Name, start and length, sorted."))


def main(folder, sequences):
    extended = extended_case()
    rows, indexes = records(lambda c: type_record(c, extended))
    body = "".join(f"/// Flag bit.\npub(crate) const {name}: u16 = 1 << {i};\n"
                   for i, name in enumerate(FLAGS))
    body += array("TYPES", "(u16, i8, i8, i32, i32, i32)", tuples(rows),
                  "Flags, decimal, digit, and distances to lower, upper and title case.")
    write(folder, "types", "What `str`'s predicates and case mappings need.",
          body + two_stage("TYPE", indexes))

    rows, indexes = records(database_record)
    body = "".join(
        array(name, "&str", [f'"{v}"' for v in values], doc)
        for name, values, doc in [
            ("CATEGORIES", CATEGORIES, "General categories."),
            ("BIDI_CLASSES", BIDI, "Bidirectional classes."),
            ("WIDTHS", WIDTHS, "East Asian widths."),
        ])
    body += array("PROPERTIES", "(u8, u8, u8, u8, u8)", tuples(rows),
                  "Category, bidirectional class, combining class, width, mirrored.")
    write(folder, "properties", "What `unicodedata` reports of a code point.",
          body + two_stage("PROPERTY", indexes))

    numeric, values = [], {}
    for c in range(LIMIT):
        value = ucd.numeric(chr(c), None)
        if value is not None:
            numeric.append((c, values.setdefault(value, len(values))))
    write(folder, "numeric", "Numeric values.",
          array("VALUES", "f64", map(repr, values), "The distinct values.")
          + array("NUMERIC", "(u32, u8)", tuples(numeric), "Code point and its value's number, sorted."))

    text, rows = [], []
    for c, full in sorted(extended.items()):
        row = [c]
        for s in full:
            row += [len(text), len(s)]
            text += map(ord, s)
        rows.append(row)
    write(folder, "case", "Case mappings that are not one simple lower, upper and title letter.",
          array("CASE_TEXT", "u32", text, "The mapped code points.")
          + "/// Code point, then start and length of four texts.\n"
          + "pub(crate) type CaseRow = (u32, u16, u8, u16, u8, u16, u8, u16, u8);\n"
          + array("CASE", "CaseRow", tuples(rows),
                  "Code point, then start and length of upper, lower, title and fold, sorted."))

    text, rows, pairs = [], [], []
    for c in range(LIMIT):
        decomposition = ucd.decomposition(chr(c)).split()
        if not decomposition or 0xAC00 <= c < 0xD7A4:
            continue
        tag = decomposition.pop(0) if decomposition[0].startswith("<") else ""
        parts = [int(x, 16) for x in decomposition]
        rows.append((c, TAGS.index(tag), len(text), len(parts)))
        text += parts
        if not tag and len(parts) == 2 and ucd.normalize("NFC", "".join(map(chr, parts))) == chr(c):
            pairs.append((*parts, c))
    write(folder, "decomposition", "Decompositions (one step) and canonical compositions.",
          array("TAGS", "&str", [f'"{t}"' for t in TAGS], "Kinds of decomposition; the first is canonical.")
          + array("DECOMPOSITION_TEXT", "u32", text, "The decomposed code points.")
          + array("DECOMPOSITIONS", "(u32, u8, u16, u8)", tuples(rows),
                  "Code point, tag, start and length, sorted; without Hangul.")
          + array("COMPOSITIONS", "(u32, u32, u32)", tuples(sorted(pairs)),
                  "First, second and composite, sorted."))

    write(folder, "version_3_2", "What Unicode 3.2 says otherwise.", version_3_2())
    write(folder, "sequences", "Named sequences.", named_sequences(sequences))


main(*sys.argv[1:])
