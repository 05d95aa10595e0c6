"""What a new shop opens with and, in the demo, what happened in it before."""
