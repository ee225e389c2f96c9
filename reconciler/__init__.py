"""Usage to billed units on Kaseya BMS contracts, as reviewed configuration in git."""
