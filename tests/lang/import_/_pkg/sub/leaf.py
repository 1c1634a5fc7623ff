from .. import value as parent_value
from . import subvalue as sibling
from ..mod import name as pub_modname
pub_a = 1
_priv_b = 2
def here(): return __name__, __package__
