"""Configuration: settings, and what is derived from them.

Which module to open:

- `settings`: all settings of a server; `setting_types`: their types; `parsing`: durations and base URLs;
  `arguments`, `twin_arguments`: checks of arguments from Python
- `services`: the vendors that are served, with documents and settings, and which one a request is for
- `vendors`: which vendors are served; `specs`: vendors made of the user's OpenAPI documents
- `engines`: opens a sandbox under a lifecycle of its vendor
- `base_urls`: base URLs of generated links
"""
