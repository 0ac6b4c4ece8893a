"""Read before the bot starts, it takes root's right to write where the mode of a file forbids it."""

import ctypes

VERSION, DAC_OVERRIDE = 0x20080522, 1
"""Of linux/capability.h."""

_libc = ctypes.CDLL(None, use_errno=True)
_header = (ctypes.c_uint32 * 2)(VERSION, 0)
_sets = (ctypes.c_uint32 * 6)()
assert _libc.capget(_header, _sets) == 0
_sets[0] &= ~(1 << DAC_OVERRIDE)
assert _libc.capset(_header, _sets) == 0
