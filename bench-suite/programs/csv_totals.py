"""CSV to aggregates: the csv module, conversions, groups, a table back."""

import csv
import io
import random

REGIONS = ["north", "south", "east", "west", "far, far away"]
GOODS = ["apple", "brick", "candle", "drum", 'the "egg"', "flute"]


def table(rows, rng):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "region", "good", "pieces", "price", "returned"])
    for number in range(rows):
        writer.writerow([
            number,
            REGIONS[int(rng.random() * 5)],
            GOODS[int(rng.random() * 6)],
            1 + int(rng.random() * 20),
            "%.2f" % (rng.random() * 90 + 1),
            "yes" if number % 17 == 0 else "",
        ])
    return out.getvalue()


def aggregate(text):
    groups = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["returned"]:
            continue
        pieces = int(row["pieces"])
        cents = round(float(row["price"]) * 100)
        group = groups.get((row["region"], row["good"]))
        if group is None:
            groups[row["region"], row["good"]] = [1, pieces, pieces * cents, cents]
        else:
            group[0] += 1
            group[1] += pieces
            group[2] += pieces * cents
            group[3] = max(group[3], cents)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    for key in sorted(groups):
        count, pieces, total, highest = groups[key]
        writer.writerow([*key, count, pieces, "%.2f" % (total / 100), highest])
    return out.getvalue()


def run():
    result = aggregate(table(40000, random.Random(3)))
    return len(result), result[:120], result[-80:]


EXPECTED = (
    1216,
    'east;apple;1212;12644;564668.50;9100\n'
    'east;brick;1263;13493;624881.13;9080\n'
    'east;candle;1215;12543;575474.70;9092\n'
    'east;dru',
    'st;flute;1262;13237;606908.92;9094\nwest;"the ""egg""";1262;13288;607933.18;9090\n',
)

if __name__ == "__main__":
    print(run())
