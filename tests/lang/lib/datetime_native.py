"""Details of datetime that its classes and operators must get right."""
import copy
import datetime as D
import pickle
from datetime import date, datetime, time, timedelta, timezone, tzinfo


def attempt(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


print("-- timedelta")
for kw in ({"days": 1.5}, {"seconds": 1e-7}, {"microseconds": 0.5}, {"microseconds": 1.5},
           {"weeks": -1, "hours": 3.25}, {"days": 10**9}, {"days": "x"}, {"seconds": float("nan")}):
    attempt(lambda: timedelta(**kw))
d = timedelta(1, 2, 3)
for f in (lambda: d * 3, lambda: 3 * d, lambda: d * 1.5, lambda: d / 7, lambda: d / 0.3, lambda: d // 7,
          lambda: d / timedelta(hours=1), lambda: d // timedelta(hours=1), lambda: d % timedelta(0, 7),
          lambda: divmod(d, timedelta(0, 7)), lambda: -d, lambda: abs(-d), lambda: +d, lambda: d / 0,
          lambda: d // timedelta(0), lambda: d < 1, lambda: d == 1, lambda: d - 1, lambda: str(-d),
          lambda: timedelta.max + d, lambda: timedelta(microseconds=5) / 2, lambda: timedelta(microseconds=-5) / 2,
          lambda: timedelta(microseconds=5) // -2, lambda: d.total_seconds(), lambda: timedelta.max.total_seconds(),
          lambda: bool(timedelta(0)), lambda: hash(d) == hash(timedelta(1, 2, 3)), lambda: timedelta(0)):
    attempt(f)

print("-- date")
for args in ((), (1,), (2020, 13, 1), (0, 1, 1), (2021, 2, 30), ("a", 1, 1), (1.5, 1, 1), (1, 2, 3, 4)):
    attempt(lambda: date(*args))
attempt(lambda: date(2020, 1, foo=3))
for n in (1, 59, 60, 365, 366, 719163, 738000, 3652059):
    x = date.fromordinal(n)
    print(n, x, x.toordinal(), x.weekday(), x.isocalendar(), x.timetuple().tm_yday)
attempt(lambda: date.fromordinal(0))
attempt(lambda: date.fromordinal(4000000))
for args in ((2020, 53, 7), (2021, 1, 1), (2020, 54, 1), (2020, 1, 8), (0, 1, 1)):
    attempt(lambda: date.fromisocalendar(*args))
for s in ("2020-02-29", "20200229", "2020-W09-6", "2020W096", "20", "2020-13-01", "2021-02-29"):
    attempt(lambda: date.fromisoformat(s))
x = date(2024, 2, 29)
for f in (lambda: x + d, lambda: d + x, lambda: x - d, lambda: x - date(2023, 2, 28), lambda: x.replace(day=1),
          lambda: x.replace(year=2023), lambda: date.max + d, lambda: x < datetime(2024, 2, 29), lambda: x == datetime(2024, 2, 29),
          lambda: x.ctime(), lambda: x.strftime("%d/%m/%y %j"), lambda: f"{x:%Y}|{x}", lambda: x - 1,
          lambda: copy.replace(x, day=2), lambda: datetime(2024, 2, 29) - x):
    attempt(f)


class Day(date):
    pass


s = Day(2020, 1, 2)
print(repr(s), repr(s + d), type(s.replace(day=3)).__name__, type(Day.fromordinal(5)).__name__)

print("-- datetime")
a = datetime(2020, 1, 1)
b = datetime(2020, 1, 1, tzinfo=D.UTC)
c = datetime(2020, 1, 1, 2, tzinfo=timezone(timedelta(hours=2), "two"))
for f in (lambda: a < b, lambda: a == b, lambda: b == c, lambda: b - c, lambda: a - b, lambda: a < 3, lambda: hash(b) == hash(c),
          lambda: b.astimezone(c.tzinfo), lambda: c.astimezone(D.UTC), lambda: c.timestamp(), lambda: c.utctimetuple()[:6],
          lambda: c.isoformat(), lambda: c.isoformat(" ", "minutes"), lambda: c.isoformat("ab"), lambda: c.isoformat("T", "foo"),
          lambda: a.replace(hour=25), lambda: a.replace(tzinfo=3), lambda: a.replace(fold=1), lambda: datetime.max + d,
          lambda: datetime.fromtimestamp(1e20), lambda: datetime.fromtimestamp(float("nan")), lambda: datetime.fromtimestamp("a"),
          lambda: datetime.fromtimestamp(1.9999995, D.UTC), lambda: datetime.fromtimestamp(-0.5, D.UTC), lambda: datetime.fromtimestamp(10**15, D.UTC),
          lambda: datetime.combine(x, time(1, 2, 3, 4, D.UTC)), lambda: datetime.combine(1, 2), lambda: c.timetz(), lambda: c.time(),
          lambda: c.date(), lambda: c.tzname(), lambda: c.dst(), lambda: c.utcoffset(), lambda: a.ctime(), lambda: c.strftime("%H:%M %z %Z %f"),
          lambda: datetime(2020, 1, 1, 24), lambda: datetime(2020, 1, 1, fold=2), lambda: datetime(2020, 1, 1, tzinfo=3),
          lambda: datetime.strptime("2020-05-06 07:08:09.1 +0130", "%Y-%m-%d %H:%M:%S.%f %z"), lambda: a.weekday(), lambda: c.timetuple()[:9]):
    attempt(f)
for s in ("2020-01-02", "2020-01-02T03:04", "2020-01-02 03:04:05.678", "2020-01-02T03:04:05Z", "2020-01-02T03:04:05.123456789+05:30",
          "20200102T030405", "2020-01-02T24:00", "2020-W01-4T03", "2020-01-02X", "2020-01-02T25:00", "2020-01-02T03:04-00:00:30"):
    attempt(lambda: datetime.fromisoformat(s))


class Stamp(datetime):
    pass


s = Stamp(2020, 1, 2, 3, 4, 5, 6)
print(repr(s + d), repr(Stamp.fromisoformat("2020-01-02")), type(s.astimezone(D.UTC)).__name__)

print("-- time")
for f in (lambda: time(24), lambda: time(1, tzinfo=3), lambda: time(1, fold=1), lambda: time("a"), lambda: time(1, 2, 3, 4).isoformat(),
          lambda: time(1, 2, 3, 4).isoformat("milliseconds"), lambda: time(1) < time(2), lambda: time(1) == time(1, tzinfo=D.UTC),
          lambda: time(1) < time(1, tzinfo=D.UTC), lambda: time.fromisoformat("04:23:01.5+01:00"), lambda: time.fromisoformat("T0423"),
          lambda: time.fromisoformat("xx"), lambda: time(1, 2).replace(minute=3), lambda: time(1, 2).strftime("%H-%M"), lambda: bool(time(0))):
    attempt(f)

print("-- timezone")
for f in (lambda: timezone(3), lambda: timezone(timedelta(1)), lambda: timezone(timedelta(0)) is timezone.utc, lambda: timezone(timedelta(hours=1), 3),
          lambda: timezone(timedelta(hours=1), "x"), lambda: str(timezone(timedelta(hours=-1, seconds=3))), lambda: timezone.utc.utcoffset(3),
          lambda: timezone.utc.fromutc(a), lambda: tzinfo().utcoffset(None), lambda: tzinfo().fromutc(3), lambda: timezone.min, lambda: timezone.max,
          lambda: timezone(timedelta(hours=1)) == timezone(timedelta(minutes=60)), lambda: timezone.utc, lambda: str(timezone.utc)):
    attempt(f)


class Zone(tzinfo):
    """Summer time from April to September."""

    def utcoffset(self, dt):
        return timedelta(hours=1) + self.dst(dt)

    def dst(self, dt):
        return timedelta(hours=4 <= dt.month < 10)

    def tzname(self, dt):
        return "summer" if self.dst(dt) else "winter"


z = Zone()
s = datetime(2020, 7, 1, 12, tzinfo=z)
print(s, s.tzname(), s.astimezone(D.UTC), datetime(2020, 3, 1, tzinfo=D.UTC).astimezone(z), s.timetuple().tm_isdst)


class Wrong(tzinfo):
    def utcoffset(self, dt):
        return 5


attempt(lambda: a.replace(tzinfo=Wrong()).utcoffset())

print("-- pickles")
for v in (d, x, a, b, c, a.replace(fold=1), time(1, 2, 3, 4, fold=1), timezone.utc, timezone(timedelta(hours=1), "x")):
    for protocol in (2, 5):
        w = pickle.loads(pickle.dumps(v, protocol))
        print(v == w, w, getattr(w, "fold", ""))
    print(copy.deepcopy(v) == v, v.__reduce_ex__(4)[1])
print(date.min, date.max, date.resolution, datetime.min, datetime.max, time.min, time.max, D.MINYEAR, D.MAXYEAR)
# Random shifts: within a month, over its end, and out of the calendar.
import random
r = random.Random(11); h = 0; failed = 0
for i in range(4000):
    x = datetime(r.choice([1, 4, 1900, 2000, 2023, 2024, 9999]), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60), r.randrange(60), r.randrange(10**6))
    step = timedelta(days=r.choice([0, 0, 1, -1, 27, 40, -400, 10**6]), seconds=r.randrange(-10**5, 10**5), microseconds=r.randrange(-10**7, 10**7))
    try: y = x + step; z = y - step; assert z == x and (y - x) == step
    except OverflowError: failed += 1; continue
    for c in y.isoformat() + str(y.weekday()): h = (h * 31 + ord(c)) % 1000000007
print(h, failed)
