# A bound method's docstring is its function's.
import types


class A:
    def without(self):
        pass

    def with_doc(self):
        "doc"


print(A().without.__doc__, A().with_doc.__doc__, A.with_doc.__doc__)
print(types.MethodType.__doc__)
