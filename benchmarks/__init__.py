"""Speed and detection power, side by side with other gradient checkers."""
