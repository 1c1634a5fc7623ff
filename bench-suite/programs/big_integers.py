"""Big integers: digits of pi, a probable prime and keys from it, Fibonacci numbers, text of them."""


def pi_digits(count):
    """Machin's formula in fixed point."""
    one = 10 ** (count + 10)

    def arctan_of_inverse(x):
        power = total = one // x
        square, divisor, sign = x * x, 1, 1
        while power:
            power //= square
            divisor += 2
            sign = -sign
            total += sign * (power // divisor)
        return total

    return 4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239)) // 10 ** 10


def probable_prime(n):
    """Miller and Rabin's test with the first bases."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    for base in (2, 3, 5, 7, 11, 13):
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def next_prime(n):
    n |= 1
    while not (all(n % p for p in (3, 5, 7, 11, 13, 17, 19, 23)) and probable_prime(n)):
        n += 2
    return n


def fibonacci(n):
    a, b = 0, 1
    for bit in bin(n)[2:]:
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def run():
    digits = str(pi_digits(4200))
    p = next_prime(3 ** 420)
    q = next_prime(7 ** 230)
    modulus, phi = p * q, (p - 1) * (q - 1)
    private = pow(65537, -1, phi)
    message = int.from_bytes(b"the quick brown fox jumps over the lazy dog", "big")
    secret = pow(message, 65537, modulus)
    back = pow(secret, private, modulus).to_bytes(43, "big")
    number = fibonacci(400000)
    text = hex(number)
    assert int(text, 16) == number
    return digits[-20:], p % 10 ** 9, q % 10 ** 9, secret % 10 ** 9, back.decode(), len(text), number % 10 ** 12


EXPECTED = (
    '58676975145661406800', 448072457, 221743309, 244840728, 'the quick brown fox jumps over the lazy dog',
    69426, 715033346875,
)

if __name__ == "__main__":
    print(run())
