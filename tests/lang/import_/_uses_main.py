def get_x():
    import __main__
    return __main__.x
