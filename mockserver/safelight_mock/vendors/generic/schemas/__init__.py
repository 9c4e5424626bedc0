"""What the schemas of a document allow, and values of them.

- `shapes`: what is allowed at a place
- `made_values`, `plain_values`, `ids`: values of schemas
- `body_edits`: changes to a value that its schema allows; `conversions`: times and numbers in its form;
  `valid_parts`: a value whose wrong parts are corrected
"""
