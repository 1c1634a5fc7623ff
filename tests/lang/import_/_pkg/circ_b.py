from . import circ_a
a_name = circ_a.name
value = "b sees " + circ_a.name
