value = "pkg value"
exported, hidden = 1, 2
__all__ = ["exported", "sub"]
def __getattr__(name):
    if name == "lazy_attr": return "lazy!"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
