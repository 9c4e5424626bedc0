"""Recording: a session with a real service becomes a scenario that plays it again.

Which module to open:

- `session`: everything that was recorded; `exchange`: one request and its response
- `calls`: what a request is for, and its webhook URL; `links`: URLs of the service, and the proxy's addresses
  in their place
- `events`: events of a stream; `secrets`: keys, and texts without them
- `checks`: what the document does not say of a message; `observations`: rows for a table of behaviour
- `course`: the states of a job and how long they lasted; `jobs`, `rules`: jobs and rules of the scenario;
  `templates`: its bodies, with placeholders
- `folder`: the files that are written

The proxy itself is `safelight_mock.adapters.record`.
"""
