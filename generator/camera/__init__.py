"""Lens, sensor and electronics: ``shoot`` turns radiance into video; ``settled_state`` sets the camera for a view."""
