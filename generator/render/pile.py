"""What a slant does to a pile, stated once (``shaders/mesh.frag`` and ``shade_kernels.py`` are its implementations).

From above one looks into the gaps between the loops of a carpet; from afar its loops hide them and the fibres' sheen is
seen. A texel ``gap`` deep (0 a loop's tip, 1 the backing), seen at an angle of cosine ``c`` to the normal, reflects

    1 + DEPTH · gap · (2/3 - c) + SHEEN · ((1 - c)^4 - 1/15)

times its mean over all directions, which is what its albedo states. Neither term changes that mean: over the
hemisphere, weighted by the cosine, c averages 2/3 and (1 - c)^4 averages 1/15. So the bake sends the same light on.
Approximations: the same from all sides, and for light from all sides; a real pile also has a direction.
"""

from __future__ import annotations

DEPTH = 1.0
"""At most 1.5, so that what lies deepest is not negative from straight above."""
SHEEN = 0.08
MEAN_COSINE, MEAN_SHEEN = 2 / 3, 1 / 15
