"""What a slant does to a pile, stated once (``shaders/mesh.frag`` and ``surface_kernels.py`` are its implementations).

From above one looks into the gaps between the loops of a carpet; from afar its loops hide them and the fibres' sheen is
seen. A texel ``gap`` deep (0 a loop's tip, 1 the backing), seen at an angle of cosine ``c`` to the normal, reflects

    1 + DEPTH · gap · (2/3 - c) + SHEEN · ((1 - c)^4 - 1/15)

times its mean over all directions, which is what its albedo states. Neither term changes that mean: over the
hemisphere, weighted by the cosine, c averages 2/3 and (1 - c)^4 averages 1/15. So the bake sends the same light on.
Clear bodies, such as bottles, are the other way round (-gap): at their rim they bend the dark of what lies beside them
towards the eye, in their middle they show what is lit behind them.

A pile that was brushed leans: one who looks along with it sees the sides of its fibres, one who looks against it their
ends. Where it leans by l (-1 to 1, ``surface.lay``) along ``LAY``, what is seen from the direction w (unit, towards the
eye) is also multiplied by

    1 + LEAN · l · (w · LAY)

which averages 1 over the directions too. So strokes of a vacuum cleaner change places as one walks round them.
Approximations: for light from all sides; strokes across ``LAY`` lean along it too.
"""

from __future__ import annotations

DEPTH = 1.0
"""At most 1.5, so that what lies deepest is not negative from straight above."""
SHEEN = 0.08
MEAN_COSINE, MEAN_SHEEN = 2 / 3, 1 / 15
LEAN = 0.09
"""What a full lean adds or takes at most. Floors are seen at 40 to 80 degrees to the normal: 6 to 9 %."""
LAY = (0.8, 0.6)
"""The line in plan that all pile leans along: no wall runs along it or across it, so that rooms show it every way."""
