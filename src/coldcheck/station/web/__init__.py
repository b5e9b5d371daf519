"""The hub's pages: what a wall, a phone and anybody without a login may see. It reads frozen views and writes nothing."""
