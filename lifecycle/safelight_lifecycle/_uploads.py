"""Operations by which files are uploaded before jobs use them."""

from safelight_lifecycle._expressions import Expression
from safelight_lifecycle._record import Record


class FileList(Record):
    """The operation that lists files, and the JSONPath of the entries."""

    operation: str
    each: str


class Upload(Record):
    """An operation that takes a file, and those on the file.

    Its request has the bytes if there is neither `url` nor `each`: the place of an address for the bytes in
    its response, or the JSONPath of several, one for each part. They are sent there by `method`, in a form if
    `fields` is the place of its other fields. `gives` is the place of the value that a submission then
    carries, which `parameter` of the operations `read`, `content` and `delete` takes. If the operation is one
    of a job, `to` is the word that the job gets when all bytes are there.
    """

    operation: str
    url: Expression | None = None
    each: str = ""
    method: str = "PUT"
    fields: Expression | None = None
    gives: Expression | None = None
    to: str = ""
    parameter: str = ""
    read: str = ""
    content: str = ""
    listing: FileList | None = None
    delete: str = ""
