"""The car park's surfaces: concrete with its history, paint, steel, tubes."""
