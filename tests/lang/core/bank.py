class InsufficientFunds(Exception):
    def __init__(self, need, have):
        super().__init__(need, have); self.need, self.have = need, have
    def __str__(self): return f"need {self.need}, have {self.have}"
class Account:
    _next = 1
    def __init__(self, owner, balance=0):
        self.owner, self._balance = owner, balance
        self.id = Account._next; Account._next += 1
        self.history = []
    @property
    def balance(self): return self._balance
    @balance.setter
    def balance(self, v):
        if v < 0: raise InsufficientFunds(-v + self._balance, self._balance)
        self.history.append(v - self._balance); self._balance = v
    def transfer(self, other, amount):
        self.balance -= amount
        try: other.balance += amount
        except Exception: self.balance += amount; raise
    def __repr__(self): return f"<{type(self).__name__} #{self.id} {self.owner}: {self.balance}>"
class Savings(Account):
    rate = 0.05
    def interest(self): self.balance += self.balance * self.rate
a, b = Account("ann", 100), Savings("bob")
a.transfer(b, 30); b.interest(); print(a, b)
try: a.transfer(b, 500)
except InsufficientFunds as e: print(e, e.args, repr(e))
print(a.history, b.history, [type(x).__name__ for x in (a, b)], Account._next)
