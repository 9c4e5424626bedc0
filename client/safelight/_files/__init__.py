"""Files that are sent and received.

- `image_source`: images to upload. `downloads`: results, with their file names. `atomic_file`: complete files
  only.
"""
