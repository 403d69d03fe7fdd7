"""A report as a list of blocks, composed in the reader's language. The template lays them out and holds no words."""
