"""Who works on which conversation when. ``base`` is the interface; ``local`` serves one process, ``worker`` many."""
