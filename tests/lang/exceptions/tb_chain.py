# expect: failure
def load():
    try:
        return {}["missing"]
    except KeyError as e:
        raise ValueError("could not load") from e
def main():
    try:
        load()
    except ValueError:
        raise RuntimeError("main failed")
main()
