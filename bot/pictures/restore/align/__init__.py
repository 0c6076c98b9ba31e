"""Where each place of the source lies in the answer."""
