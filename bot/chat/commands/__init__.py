"""What people ask for by a command or a button. ``table`` lists the commands; each file answers some."""
