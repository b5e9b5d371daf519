"""The laboratory: proofs, exploration and measurements. Nothing that runs on a set imports it."""
