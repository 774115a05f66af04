"""An office that is really served, clerks who really work in it, and somebody who kills its processes."""
