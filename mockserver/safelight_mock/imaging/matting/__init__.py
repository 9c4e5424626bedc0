"""Finding and cutting out the subject of an image.

`cutout` has the steps. `grabcut` finds the subject of a small copy: `slic` divides it into superpixels,
`region_merging` proposes unions of them, `objectness` chooses one by `color_clusters`, outline and size, and
`random_walker` smooths along similar colours. `guided_filter` carries the mask to full size.
"""
