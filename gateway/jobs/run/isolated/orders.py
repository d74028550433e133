"""What a worker and its fork server say to each other. By itself: a worker loads nothing of what runs need."""

import struct

MESSAGE = struct.Struct("!cq")  # what is asked (or answered), and a number
FORK, END, FORKED, ENDED = b"F", b"E", b"f", b"e"
