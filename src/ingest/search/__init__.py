"""Search texts, pure: text → terms → tokens of an index, search text → query, and where an article answers it.

terms     text → words and pairs of Chinese characters, with offsets
tokens    an article's terms → what the databases' indexes hold, in zones
query     what an analyst types → clauses
asking    clauses → expressions of either database, one for each rank
passages  where an article holds what was asked for, and its best passage
"""
