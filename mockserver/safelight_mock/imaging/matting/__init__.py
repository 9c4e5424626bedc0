"""Finding and cutting out the subject of an image.

`cutout` has the steps. `grabcut` finds the subject of a small copy by its colours, which `color_clusters`
counts and along which `random_walker` smooths. `guided_filter` carries the mask to full size.
"""
