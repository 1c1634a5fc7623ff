import sys
print("sub main", __name__, __package__, sys.argv[1:])
