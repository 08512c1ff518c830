"""Places: each a folder of data and functions that the stages are given; ``known.PLACES`` lists them."""
