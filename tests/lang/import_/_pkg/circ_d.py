from .circ_c import thing
