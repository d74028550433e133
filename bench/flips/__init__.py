"""How fast a flip is: real gateway processes under load, a real Unleash server or the file, and the local override."""

LIMIT_SECONDS = 1200.0  # for all doors to both homes, 20 flips each; it ends by then, whatever hangs
