"""Ways to make one value of a list, one file each."""
