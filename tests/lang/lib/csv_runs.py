# Runs of ordinary characters in fields, quoted ones and at the limit of a field's size.
import csv, io

def read(text, **options):
    try:
        return list(csv.reader(io.StringIO(text, newline=""), **options))
    except csv.Error as e:
        return str(e)

for text in ('a,b c,"d,e"\r\n', 'a"b,c""d\n', '"a""b","x\ny",z\n', "é,ab€cd,\n", 'a\\,b,"c\\"d"\n', ",,\n", '"a"b,c\n', "\n", " a, b\n"):
    print(ascii(read(text)), ascii(read(text, escapechar="\\")), ascii(read(text, quoting=csv.QUOTE_NONE)), ascii(read(text, delimiter=" ", skipinitialspace=True)))
old = csv.field_size_limit(5)
print(read("abcde,abcde\n"), read("abcdef\n"), read('"abcdef"\n'))
csv.field_size_limit(old)
for row in (["a", "b,c", 'd"e', "f\ng"], ["é", "a€", "", None], [1, 2.5, "x|y"], ["'", "\\"]):
    for options in ({}, {"quotechar": "'"}, {"quoting": csv.QUOTE_ALL}, {"quoting": csv.QUOTE_NONE, "escapechar": "\\"}, {"lineterminator": "|"}, {"quoting": csv.QUOTE_NONNUMERIC}):
        out = io.StringIO()
        csv.writer(out, **options).writerow(row)
        print(ascii(out.getvalue()))
