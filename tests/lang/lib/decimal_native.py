# The operations of `decimal` over edge cases and fixed pseudo-random numbers, in many contexts.
import copy
import pickle
import zlib
from decimal import *
from fractions import Fraction

ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP,
             ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
SIGNALS = [Clamped, DivisionByZero, Inexact, Overflow, Rounded, Subnormal,
           Underflow, InvalidOperation, FloatOperation]
UNARY = '''abs exp ln log10 logb logical_invert minus next_minus next_plus
    normalize plus sqrt to_integral_exact to_integral_value number_class
    to_sci_string to_eng_string copy_abs copy_negate'''.split()
BINARY = '''add subtract multiply divide divide_int remainder remainder_near
    compare compare_signal compare_total compare_total_mag copy_sign max min
    max_mag min_mag next_toward quantize same_quantum scaleb shift rotate
    logical_and logical_or logical_xor divmod power'''.split()
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])

seed = 20261128


def rand(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    return (seed >> 33) % n


def digits(n):
    kind = rand(8)
    if kind == 0:
        return '9' * n
    if kind == 1:
        return '1' + '0' * (n - 1)
    alphabet = ['01', '05', '0123456789'][min(kind - 2, 2)]
    return ''.join(alphabet[rand(len(alphabet))] for _ in range(n))


SPECIAL = ['NaN', 'sNaN', '-NaN12', 'sNaN123', 'Infinity', '-Infinity', '0', '-0',
           '0E+5', '-0E-7', '0E-400', '1', '-1', '1.000', '1E+5']


def number(prec):
    if rand(20) == 0:
        return EXACT.create_decimal(SPECIAL[rand(len(SPECIAL))])
    n = 1 + rand([4, 20, 40, 2 * prec + 2][rand(4)])
    e = [0, rand(n + 8) - n - 3, rand(4 * prec) - 2 * prec][rand(3)]
    return EXACT.create_decimal(f"{'-' * rand(2)}{digits(n)}E{e}")


def flags(c):
    return ''.join('01'[bool(c.flags[s])] for s in SIGNALS)


def case(name, count):
    """A checksum of results and flags; the last ones as text."""
    crc, last = 0, ''
    for _ in range(count):
        prec = [1 + rand(9), 1 + rand(40), 28, 1 + rand(80)][rand(4)]
        c = Context(prec=prec, Emax=[rand(20), 100, 999999][rand(3)],
                    Emin=-[rand(20), 100, 999999][rand(3)],
                    rounding=ROUNDINGS[rand(8)], clamp=rand(5) == 0, traps=[])
        a = [number(prec)]
        if name in BINARY:
            small = name in ('scaleb', 'shift', 'rotate', 'power') and rand(4)
            a.append(EXACT.create_decimal(rand(60) - 30) if small else number(prec))
        if name == 'fma':
            a += [number(prec), number(prec)]
        if name == 'powmod':
            a = [EXACT.create_decimal(rand(10**6) - 5 * 10**5),
                 EXACT.create_decimal(rand(1000)), EXACT.create_decimal(1 + rand(10**4))]
        if name.startswith('logical') and rand(4):
            a = [EXACT.create_decimal(f'{rand(2**20):b}') for _ in a]
        if name == 'exp' and a[0].is_finite() and a[0].adjusted() > 3:
            a[0] = a[0].scaleb(2 - a[0].adjusted(), context=EXACT)
        r = c.power(*a) if name == 'powmod' else getattr(c, name)(*a)
        last = f'{r} {flags(c)}'
        crc = zlib.crc32(last.encode(), crc)
    print(name, f'{crc:08x}', last)


for name in UNARY:
    case(name, 40 if name in ('exp', 'ln', 'log10', 'sqrt') else 80)
for name in BINARY:
    case(name, 40 if name == 'power' else 80)
case('fma', 80)
case('powmod', 40)

# Long coefficients: columns, Karatsuba, transforms, recursive division, text and int.
with localcontext(prec=60000, Emax=MAX_EMAX, Emin=MIN_EMIN) as c:
    for n, m in [(200, 90), (1500, 1400), (9000, 400), (30000, 29000), (20000, 9990)]:
        x, y = Decimal(digits(n)), Decimal(digits(m)) + 1
        p = x * y
        q, r = divmod(x * y + 7, y)
        print(n, m, zlib.crc32(str(p).encode()), q == x, r, hash(p) == hash(int(p)),
              p == int(x) * int(y), zlib.crc32(str(x / y).encode()),
              zlib.crc32(str(p.sqrt()).encode()) if n < 10000 else '')

# Operators with other numbers.
d = Decimal('2.50')
for e in ('d + 1', '1 + d', 'd * True', '7 // d', '7 % d', 'divmod(7, d)', 'd ** 2', '2 ** d',
          'pow(Decimal(7), 3, 5)', '-d', '+d', 'abs(-d)', 'd == 2.5', 'd < 3.5', 'd == Fraction(5, 2)',
          'd > Fraction(5, 3)', 'd == 2.5 + 0j', 'd == "2.50"', 'hash(d) == hash(2.5) == hash(Fraction(5, 2))',
          'd + 1.5', 'd < "x"', 'd + None', 'int(d)', 'float(d)', 'complex(d)', 'round(d)', 'round(d, 1)',
          'd.__floor__()', 'd.__ceil__()', 'd.__trunc__()', 'bool(d)', 'd.as_tuple()',
          'd.as_integer_ratio()', 'Decimal("1E+3").as_integer_ratio()', 'Decimal(0.1)',
          'Decimal.from_float(-1.25)', 'Decimal.from_number(3)',
          'EXACT.clear_flags() or setcontext(EXACT) or Decimal.from_number(1.5)', 'getcontext().flags[FloatOperation]',
          'setcontext(DefaultContext)', 'Decimal((1, (1, 2), -1))',
          'Decimal("١٢_3 ")', 'Decimal("x")', 'Decimal([1])', 'Decimal(object)', 'd.real, d.imag',
          'copy.deepcopy(d) is d', 'pickle.loads(pickle.dumps(d))', 'hash(Decimal("sNaN"))',
          'Decimal("NaN") == Decimal("NaN")', 'Decimal("NaN") < 1', 'Decimal(1) / 0',
          'Decimal(0) / 0', 'Decimal("1e999999") * 10', 'd.quantize(Decimal("1e-40"))',
          'd.quantize(Decimal(1), rounding=ROUND_UP)', 'd.to_integral(rounding="x")'):
    try:
        print(e, '->', repr(eval(e)))
    except Exception as x:
        print(e, '!!', type(x).__name__, x)

# Formats.
for spec in ('', '12', '<12', '^+12', '*=12', '012', ',.2f', '010,.1f', 'e', '.3E', '.0f', 'g',
             '.2g', '.1%', 'n', '+', 'é^14', '=10x', 'z.1f', '#.0f'):
    row = []
    for x in ('1234567.891', '-0.00001234', '-0', 'Infinity', '-NaN12', '1E+10'):
        try:
            row.append(format(Decimal(x), spec))
        except ValueError as e:
            row.append(str(e))
    print(repr(spec), row)

# Contexts.
c = Context(prec=5, traps=[Inexact])
print(c, c.flags, pickle.loads(pickle.dumps(c)))
try:
    c.divide(1, 3)
except Inexact as e:
    print(e.args, c.flags == dict.fromkeys(c.flags, False), [s.__name__ for s in c.flags if c.flags[s]])
for name, v in [('prec', 0), ('prec', 'x'), ('Emax', -1), ('Emin', 1), ('clamp', 2), ('rounding', 1),
                ('flags', {}), ('traps', 3), ('capitals', 2**70)]:
    try:
        setattr(c, name, v)
    except Exception as e:
        print(name, v, type(e).__name__, str(e).split('\n')[0])
with localcontext(prec=7, capitals=0) as own:
    print(Decimal(1) / 7, Decimal('1E+9'), getcontext() is own)
print(getcontext().prec, IEEEContext(128), MAX_PREC, MIN_ETINY)
