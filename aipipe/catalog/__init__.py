"""Models and prices as dated data, and the arithmetic over them."""
