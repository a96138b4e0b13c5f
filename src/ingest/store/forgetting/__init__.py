"""Removing an article by request, and keeping it out.

reach      what a request reaches: documents, articles, mentions, agreements, pages
removal    deleting rows and all that refers to them, by the schema's own references
ledger     agreements without the mentions that went
marks      what a removed thing is known again by
forget     the transaction; what it came to
"""
