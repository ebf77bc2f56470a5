"""A model's proof on a chain, from beginning to end."""
