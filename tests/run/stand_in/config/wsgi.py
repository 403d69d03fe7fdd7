"""Stands in for the project's web application: answers everything, and fails where it is asked to."""


def application(environ, start_response):
    if environ["PATH_INFO"] == "/failing":
        raise RuntimeError(f"It was to fail: {environ['QUERY_STRING']}.")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ready"]
