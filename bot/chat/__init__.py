"""All that knows Telegram, in the order of a message: ingress, intake, handlers, delivery. PTB's types stop here."""
