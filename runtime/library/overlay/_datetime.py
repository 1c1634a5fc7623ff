"""Fast implementation of the datetime type: here the same as _pydatetime."""

from _pydatetime import *
from _pydatetime import __all__
