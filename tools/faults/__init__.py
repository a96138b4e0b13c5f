"""Services that are killed and stopped in the middle of their work: what is left is what an undisturbed run leaves."""
