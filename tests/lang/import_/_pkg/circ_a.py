name = "a"
from . import circ_b
b_value = circ_b.value
