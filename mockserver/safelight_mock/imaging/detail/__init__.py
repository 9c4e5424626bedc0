"""Steps that change fine detail.

`dct_shrinkage`: denoise and deblock. `wiener`: deblur. `defect_mask`: restore, which removes dust and
scratches. `texture`: sharpen, invent and faces.
"""
