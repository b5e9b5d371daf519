"""A studio: the logs of several productions in one folder, and an index over them that can be thrown away."""
