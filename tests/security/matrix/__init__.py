"""Who may what, at every address of the product: the tables, the world they speak of, and how their lines are read."""
