"""What every front must do alike: the same calls, asked of each of them."""
