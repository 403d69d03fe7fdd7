"""What filing is set beside: the smallest view that takes a document and does one INSERT, on the same server."""
