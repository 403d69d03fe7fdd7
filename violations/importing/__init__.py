"""Reading what others publish: one small reader a source, every bad line refused with its place."""
