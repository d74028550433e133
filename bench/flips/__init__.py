"""How fast a flip is: real gateway processes under load, a real Unleash server or the file, and the local override."""
