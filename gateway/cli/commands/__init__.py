"""The commands of `gateway`, a file a group. Each imports what it needs when it is called."""
