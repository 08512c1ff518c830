"""The tunnels' surfaces: old concrete under limewash, pipes and what they are wrapped in, lamps."""
