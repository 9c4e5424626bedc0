"""Files that have ids.

- `uploads`: those that are uploaded before jobs use them
- `job_files`: those that jobs have made
"""
