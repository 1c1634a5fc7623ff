"""Building text: concatenation in a loop, join, formatting, padding, escaping, wrapping."""

ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def escape(text):
    out = ""
    for character in text:
        out += ESCAPES.get(character, character)
    return out


def wrap(words, width):
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = line + " " + word if line else word
    lines.append(line)
    return lines


def table(rows):
    parts = ["<table>"]
    for number, (name, amount, share) in enumerate(rows):
        style = "even" if number % 2 == 0 else "odd"
        parts.append(f'<tr class="{style}"><td>{number:05d}</td><td>{escape(name)}</td>')
        parts.append(f"<td>{amount:>12,.2f}</td><td>{share:.1%}</td></tr>")
    parts.append("</table>")
    return "\n".join(parts)


def caesar(text, shift):
    out = []
    for character in text:
        if character.isalpha() and character.isascii():
            first = 65 if character.isupper() else 97
            character = chr((ord(character) - first + shift) % 26 + first)
        out.append(character)
    return "".join(out)


def run():
    rows = [('item <%d> & "co" %s' % (n, "x" * (n % 7)), n * 1234.567 / (1 + n % 5), n % 101 / 100) for n in range(15000)]
    page = table(rows)
    words = page.replace("<", " <").split()
    lines = wrap(words, 72)
    turned = caesar("\n".join(lines[:8000]), 13)
    padded = [line.rjust(80, ".").upper().center(90)[:84] for line in lines]
    longest = ""
    for n in range(80000):
        longest += str(n % 10)
    return len(page), len(lines), turned[100:140], padded[77], len(longest), caesar(turned, 13) == "\n".join(lines[:8000])


EXPECTED = (
    1856440, 29112, 'gq> <gq>0.0% </gq> </ge> <ge\npynff="bqq"',
    '     ................<TD>41.0% </TD> </TR> <TR CLASS="EVEN"> <TD>00042 </TD> <TD>ITE', 80000, True,
)

if __name__ == "__main__":
    print(run())
