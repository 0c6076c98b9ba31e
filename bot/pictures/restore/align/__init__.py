"""Where each place of the source lies in the answer. Imports ``bot.pictures.restore.grids`` alone."""
