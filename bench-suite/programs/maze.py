"""Searching a maze: carving by depth first, breadth first from one end, A* from the other."""

import heapq
import random
from collections import deque

WALL, OPEN = "#", " "


def carve(width, height, rng):
    grid = [[WALL] * (2 * width + 1) for _ in range(2 * height + 1)]
    stack = [(0, 0)]
    grid[1][1] = OPEN
    while stack:
        x, y = stack[-1]
        ways = []
        for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            a, b = x + dx, y + dy
            if 0 <= a < width and 0 <= b < height and grid[2 * b + 1][2 * a + 1] is WALL:
                ways.append((a, b, dx, dy))
        if not ways:
            stack.pop()
            continue
        a, b, dx, dy = ways[int(rng.random() * len(ways))]
        grid[2 * y + 1 + dy][2 * x + 1 + dx] = OPEN
        grid[2 * b + 1][2 * a + 1] = OPEN
        stack.append((a, b))
    for _ in range(width * height // 12):
        grid[1 + int(rng.random() * (2 * height - 1))][1 + int(rng.random() * (2 * width - 1))] = OPEN
    return ["".join(row) for row in grid]


def neighbours(grid, x, y):
    for a, b in ((x + 1, y), (x, y + 1), (x - 1, y), (x, y - 1)):
        if grid[b][a] == OPEN:
            yield a, b


def breadth_first(grid, start, goal):
    came = {start: None}
    queue = deque([start])
    while queue:
        place = queue.popleft()
        if place == goal:
            break
        for following in neighbours(grid, *place):
            if following not in came:
                came[following] = place
                queue.append(following)
    path = []
    place = goal
    while place is not None:
        path.append(place)
        place = came[place]
    return len(path), len(came)


def a_star(grid, start, goal):
    cost = {start: 0}
    heap = [(0, 0, start)]
    closed = set()
    while heap:
        _, so_far, place = heapq.heappop(heap)
        if place == goal:
            return so_far + 1, len(closed)
        if place in closed:
            continue
        closed.add(place)
        for following in neighbours(grid, *place):
            price = so_far + 1
            if price < cost.get(following, price + 1):
                cost[following] = price
                guess = price + abs(goal[0] - following[0]) + abs(goal[1] - following[1])
                heapq.heappush(heap, (guess, price, following))
    return None


def run():
    grid = carve(240, 180, random.Random(43))
    start, goal = (1, 1), (479, 359)
    shortest = breadth_first(grid, start, goal)
    return shortest, a_star(grid, start, goal), sum(row.count(OPEN) for row in grid)


EXPECTED = ((2157, 87857), (2157, 86990), 88151)

if __name__ == "__main__":
    print(run())
