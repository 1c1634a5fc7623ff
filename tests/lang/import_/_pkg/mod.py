from . import value as up
from .sub import subvalue
name = "mod:" + __name__
