"""Usage to billed units on Kaseya BMS contracts, as reviewed configuration in git."""

__version__ = "0.1.0"
