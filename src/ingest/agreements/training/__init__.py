"""Making the weights of the English agreement reader from labelled articles; no part of the pipeline.

examples     labelled articles → claims and the agreements that they should tell of
regression   rows of features → weights
crossfit     fits, thresholds and figures from articles that no fit has seen
"""
