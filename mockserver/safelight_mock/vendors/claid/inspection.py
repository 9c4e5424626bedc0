"""Looking at an edit's inputs: whether they are whole and, of one that clips, how large its subject is."""

from dataclasses import replace

from safelight_mock.core.job import InspectionKey, Inspections, Job, Look, look_at
from safelight_mock.vendors.claid.edits import edit_of
from safelight_mock.vendors.claid.sizes import fault_of, output_of

# Sentences on what fails later are ours: none is published.
DAMAGED = "Input image is damaged."
NO_STYLE = "Unable to use the style reference image."


def look(job: Job, inspections: Inspections) -> Look:
    """Look at an edit's inputs, and say why they are of no use; raises UnjudgedError.

    The size of a clipped edit follows from its pixels, so only here it shows whether padding and bounds fit.
    """
    found, edit = look_at(job, inspections), edit_of(job)
    if not found.is_whole:
        is_source = not inspections(InspectionKey(job.source.digest)).is_whole
        return replace(found, fault=DAMAGED if is_source else NO_STYLE)
    if not edit.is_clipped:
        return found
    key = InspectionKey(job.source.digest, is_for_subject=True)
    clipped = replace(found, subject=inspections(key).subject)
    return replace(clipped, fault=fault_of(edit, output_of(job, clipped)))
