"""Labelled articles → a model of topics, and whether it is better than what is in force. Loads numpy.

examples     what people said of articles, each read once
regression   logistic regression, twice
fitting      examples → a model of each kind
reading      lines of JSON and corrections → examples
trial        the kinds against each other, by cross-validation
contest      which of them is to be in force; the card that says why
"""
