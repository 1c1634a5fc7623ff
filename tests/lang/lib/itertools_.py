from itertools import *
import operator
L = lambda it, n=10: list(islice(it, n))
print(L(count(3, 2), 4), L(count(1.5, -.5), 3), L(cycle("ab"), 5), list(repeat("x", 3)), list(accumulate([1, 2, 3, 4])), list(accumulate([3, 1, 2], max, initial=0)), list(chain("ab", [1])), list(chain.from_iterable(["ab", "c"])), list(compress("abcd", [1, 0, 1])), list(dropwhile(lambda x: x < 3, [1, 3, 2])), list(takewhile(lambda x: x < 3, [1, 3, 2])), list(filterfalse(None, [0, 1, ""])), [(k, list(g)) for k, g in groupby("aabbbc")], [(k, list(g)) for k, g in groupby([1, 3, 2, 4], lambda x: x % 2)])
print(list(islice("abcdef", 2)), list(islice("abcdef", 1, None, 2)), list(islice(range(10), 2, 8, 3)), list(pairwise("abcd")), list(starmap(pow, [(2, 3), (3, 2)])), list(zip_longest("ab", [1], fillvalue="-")), list(batched("abcde", 2)), [list(t) for t in tee("ab", 2)])
print(list(product("ab", [1, 2])), list(product("ab", repeat=2)), list(product()), list(permutations("abc", 2)), len(list(permutations(range(5)))), list(combinations("abcd", 2)), list(combinations_with_replacement("ab", 2)), list(combinations("ab", 3)), list(permutations("ab", 3)))
for t in ["list(islice([1], -1))", "islice([1], 'a')", "list(batched('ab', 0))", "list(batched('abc', 2, strict=True))", "combinations('a', -1)", "count('a')", "repeat(1, 'a')", "list(repeat(1, -5))", "accumulate()", "list(starmap(5, [(1,)]))", "list(starmap(pow, [5]))", "tee([], -1)", "next(cycle([]))", "chain(5)", "list(chain(5))", "product(5)", "zip_longest('a', foo=1)", "groupby()", "list(pairwise([1]))", "repeat(5).__length_hint__()", "repr(count(5))", "repr(count(1, 2))", "repr(repeat('x', 2))", "len(repeat(1, 3))", "compress('ab')"]:
    try: r = eval(t); print(t, r if not hasattr(r, "__next__") else type(r).__name__)
    except BaseException as e: print(t, type(e).__name__, e)
a, b = tee(iter(range(5))); print(next(a), next(a), list(b), list(a)); g = groupby("aab"); k1, g1 = next(g); k2, g2 = next(g); print(list(g1), list(g2))
