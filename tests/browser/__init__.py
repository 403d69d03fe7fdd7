"""What people do in a browser, done in one: Chromium, on the real web server, by keyboard alone."""
