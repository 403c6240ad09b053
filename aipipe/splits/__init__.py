"""Ways to make a list of one value, one file each."""
