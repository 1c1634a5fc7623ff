"""The name under which `sysconfig` looks for a build's variables on this machine."""
from _taipan_build import build_time_vars
