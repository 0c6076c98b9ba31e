"""From events to wishes: which words, which pictures, which turn they speak of."""
