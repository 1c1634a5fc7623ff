from . import circ_d
thing = 1
