"""Numbers and their units in English and Chinese: grammars behind ``evidence.quantities``."""
