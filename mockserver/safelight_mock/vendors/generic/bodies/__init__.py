"""Responses about a job: what is known of it, and where a lifecycle writes that.

- `responses`: what the document describes for an operation, and the templates of its bodies
- `templates`: the bodies of one response; `filling` makes one for a job
- `writes`: what a lifecycle writes where; `facts`: what is known of a job
- `remembered_request`: what a job keeps of the request that submitted it
- `results`: what is shown of a result; `media_types`, `images`: what it is; `result_files`: its file
- `links`: for bytes that are sent, for inputs and events
"""
