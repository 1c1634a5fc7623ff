"""Reads a web server's log: regular expressions, dates by hand, aggregates by hour and path."""

import random
import re
from collections import Counter, defaultdict

LINE = re.compile(
    r'(?P<host>\S+) - (?P<user>\S+) \[(?P<day>\d+)/(?P<month>\w{3})/(?P<year>\d{4}):'
    r'(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) [+-]\d{4}\] '
    r'"(?P<method>[A-Z]+) (?P<path>[^ ?"]+)(?:\?(?P<query>[^ "]*))? HTTP/[\d.]+" (?P<status>\d{3}) (?P<size>\d+|-)'
)

PATHS = ["/", "/index.html", "/login", "/api/items", "/api/items/17", "/static/app.js", "/search"]


def log(count, rng):
    lines = []
    for number in range(count):
        host = "10.0.%d.%d" % (number * 7 % 50, int(rng.random() * 200))
        path = PATHS[int(rng.random() * len(PATHS))]
        if path == "/search":
            path += "?q=word%d&page=%d" % (int(rng.random() * 30), number % 4)
        status = 200 if rng.random() < 0.9 else (404, 500, 302)[number % 3]
        size = "-" if status == 302 else str(int(rng.random() * 20000))
        user = "-" if number % 5 else "user%d" % (number % 40)
        lines.append('%s - %s [%02d/Nov/2026:%02d:%02d:%02d +0000] "GET %s HTTP/1.1" %d %s' % (
            host, user, 1 + number % 28, number // 60 % 24, number % 60, number * 7 % 60, path, status, size))
        if number % 500 == 0:
            lines.append("garbage in line %d" % number)
    return lines


def report(lines):
    hours = Counter()
    statuses = Counter()
    bytes_by_path = defaultdict(int)
    users = defaultdict(set)
    searches = Counter()
    bad = 0
    for line in lines:
        match = LINE.match(line)
        if match is None:
            bad += 1
            continue
        fields = match.groupdict()
        hours[int(fields["hour"])] += 1
        statuses[fields["status"]] += 1
        if fields["size"] != "-":
            bytes_by_path[fields["path"]] += int(fields["size"])
        if fields["user"] != "-":
            users[fields["user"]].add(fields["host"])
        if fields["query"]:
            query = dict(part.split("=", 1) for part in fields["query"].split("&"))
            searches[query["q"]] += 1
    return (
        bad,
        sorted(statuses.items()),
        sorted(bytes_by_path.items()),
        hours.most_common(3),
        sum(len(hosts) for hosts in users.values()),
        sorted(searches.items())[:4],
    )


def run():
    return report(log(60000, random.Random(11)))


EXPECTED = (
    120, [('200', 54022), ('302', 1987), ('404', 2005), ('500', 1986)],
    [('/', 82007978), ('/api/items', 84498017), ('/api/items/17', 81966023), ('/index.html', 80854657),
     ('/login', 84290081), ('/search', 81984016), ('/static/app.js', 84149427)],
    [(0, 2520), (1, 2520), (2, 2520)], 6260,
    [('word0', 273), ('word1', 283), ('word10', 302), ('word11', 274)],
)

if __name__ == "__main__":
    print(run())
