"""What keeps the process of a run or a comparison to its folder: files, network, signals, privileges, memory, disk."""
