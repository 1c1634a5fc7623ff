subvalue = "sub"
