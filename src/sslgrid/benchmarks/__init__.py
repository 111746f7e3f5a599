"""How fast a gradient step is, against the way it is usually written and against what the machine could do."""
