"""All to the stable version: the one button of every page, and what is said afterwards."""
