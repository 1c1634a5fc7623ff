# expect: failure
def one(x):
    return two(x) + 1
def two(x):
    return x["key"]["nested"]
class C:
    def method(self):
        return one({"key": 5})
print("out")
C().method()
