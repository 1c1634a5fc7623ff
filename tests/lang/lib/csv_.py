# csv: dialects, reading, writing, errors.
import csv, io

def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)

def r(*lines, **kw):
    t(lambda: list(csv.reader(lines, **kw)))

r('a,b,"c,d"', '1,2,"x""y"', '', '"a', 'b",c')
r("a 'b c' d", delimiter=' ', quotechar="'")
r('a\\,b,c', escapechar='\\')
r('a, b,  "c"', skipinitialspace=True)
r('1,"2",x', quoting=csv.QUOTE_NONNUMERIC)
r('1,"2",,""', quoting=csv.QUOTE_NONNUMERIC)
r('1,"2",,""', quoting=csv.QUOTE_STRINGS)
r('1,"2",,""', quoting=csv.QUOTE_NOTNULL)
r('a,"b"c', strict=True)
r('"a', strict=True)
r('a\rb')
r(b'a')
r('a"b,c', quoting=csv.QUOTE_NONE)

def w(*rows, **kw):
    f = io.StringIO()
    t(lambda: csv.writer(f, **kw).writerows(rows))
    print(repr(f.getvalue()))

w(['a', 1, None, 1.5, 'x,y', 'q"r', 'n\nm', ''], [''], [None], [])
w(['a', 1, None, '', 'x"y'], quoting=csv.QUOTE_ALL)
w(['a', 1, None, '', 2.5], quoting=csv.QUOTE_NONNUMERIC)
w(['a', 1, None, ''], quoting=csv.QUOTE_STRINGS)
w(['a', 1, None, ''], quoting=csv.QUOTE_NOTNULL)
w(['a,b', 'c"d'], quoting=csv.QUOTE_NONE, escapechar='\\')
w(['a,b'], quoting=csv.QUOTE_NONE)
w(['a"b'], doublequote=False, escapechar='\\', lineterminator='!')
w([''], quoting=csv.QUOTE_NONE)
w(3)
w(['', 'a'], delimiter=' ', skipinitialspace=True)
for kw in [{'delimiter': 'xx'}, {'delimiter': None}, {'quotechar': 1}, {'quoting': 9}, {'quoting': 'x'}, {'lineterminator': None},
           {'quotechar': None, 'quoting': 1}, {'delimiter': '"'}, {'escapechar': '\n'}, {'delimiter': '\r'}, {'dialect': 'nope'}]:
    t(lambda: csv.reader([], **kw))
csv.register_dialect('mine', delimiter='|', quoting=csv.QUOTE_ALL)
d = csv.get_dialect('mine')
print(d.delimiter, d.quoting, d.quotechar, d.escapechar, d.lineterminator, d.doublequote, d.skipinitialspace, d.strict, csv.list_dialects())
csv.unregister_dialect('mine')
t(lambda: csv.get_dialect('mine'))
print(csv.field_size_limit(5), csv.field_size_limit())
r('abcdefg')
csv.field_size_limit(131072)
f = io.StringIO()
dw = csv.DictWriter(f, ['a', 'b'])
dw.writeheader()
dw.writerow({'a': 1, 'b': 'x y'})
print(f.getvalue(), list(csv.DictReader(io.StringIO(f.getvalue()))), csv.Sniffer().sniff('a;b\n1;2\n').delimiter)
rd = csv.reader(['a\n', '"b\n', 'c"\n'])
print(next(rd), rd.line_num, next(rd), rd.line_num, rd.dialect.delimiter)
