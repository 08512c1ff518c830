"""Passes: what is under the pixels of a picture, as the channels of one OpenEXR file.

    Picture ─► channels ─► as the lens draws them ─► OpenEXR
    (render)   (make)      (lens)                    (exr)

``catalogue`` has their names; docs/passes.md says what each one holds. Nothing is imported here, so that asking for no
passes costs nothing.
"""
