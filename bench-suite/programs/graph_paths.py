"""Shortest paths in a road network: dicts of dicts, a heap, a union-find."""

import heapq
import random


def roads(side, rng):
    """A grid of towns with some roads missing and some short cuts."""
    graph = {(x, y): {} for x in range(side) for y in range(side)}
    for x, y in graph:
        for neighbour in ((x + 1, y), (x, y + 1)):
            if neighbour in graph and rng.random() < 0.85:
                length = 1 + int(rng.random() * 9)
                graph[x, y][neighbour] = length
                graph[neighbour][x, y] = length
    for _ in range(side):
        a = int(rng.random() * side), int(rng.random() * side)
        b = int(rng.random() * side), int(rng.random() * side)
        if a != b:
            graph[a][b] = graph[b][a] = 3 * (abs(a[0] - b[0]) + abs(a[1] - b[1]))
    return graph


def distances(graph, start):
    best = {start: 0}
    heap = [(0, start)]
    while heap:
        distance, town = heapq.heappop(heap)
        if distance > best[town]:
            continue
        for neighbour, length in graph[town].items():
            reached = distance + length
            if reached < best.get(neighbour, 1 << 60):
                best[neighbour] = reached
                heapq.heappush(heap, (reached, neighbour))
    return best


def spanning_tree(graph):
    parent = {town: town for town in graph}

    def find(town):
        while parent[town] != town:
            parent[town] = parent[parent[town]]
            town = parent[town]
        return town

    edges = sorted((length, a, b) for a, near in graph.items() for b, length in near.items() if a < b)
    total = count = 0
    for length, a, b in edges:
        a, b = find(a), find(b)
        if a != b:
            parent[a] = b
            total += length
            count += 1
    return total, count


def run():
    graph = roads(160, random.Random(17))
    results = []
    for start in ((0, 0), (80, 80), (159, 3)):
        best = distances(graph, start)
        results.append((len(best), max(best.values()), sum(best.values())))
    return results, spanning_tree(graph)


EXPECTED = ([(25583, 977, 13111772), (25583, 513, 6874284), (25583, 981, 13040811)], (85468, 25583))

if __name__ == "__main__":
    print(run())
