"""How well the fields of letters nobody has seen are read."""
