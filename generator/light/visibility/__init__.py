"""What may see what: occluders, the shafts between a chart and a lamp, chains of walls that close them, lists of lamps.

Source of the shaft: Haines and Wallace, *Shaft culling for efficient ray-cast radiosity*, 1991.
"""
