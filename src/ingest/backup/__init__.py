"""Backups of a store and its archive: a folder that holds many of them.

FOLDER/20260314T041000Z/store.db        one state of the store, as an SQLite store, whichever database it is of
FOLDER/20260314T041000Z/manifest.json   what it is of, and digests of all that is in it
FOLDER/objects/ab/cd/abcd….gz           raw bodies, shared by all backups of the folder

make       `ingest db backup`
restore    `ingest db restore`
verify     `ingest db verify`
"""
