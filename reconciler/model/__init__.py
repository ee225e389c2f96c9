"""The nouns: frozen, without behaviour that touches the world."""
