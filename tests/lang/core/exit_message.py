# expect: failure
print("start")
raise SystemExit("message goes to stderr")
