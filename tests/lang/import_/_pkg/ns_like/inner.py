v = "inside a namespace package"
