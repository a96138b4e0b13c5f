"""Whole stores on the move: from one database to another, into a backup, and back.

    forms      which tables there are, their columns and keys, in the order in which rows may be written
    end        one side of it: rows out of a database, and into one, as the same neutral values on both
    compare    row by row: are both sides the same? digests: the rows of a table in short
    carry      rows from one end to the other, in batches that are taken up behind
    copy       `ingest db copy`
    snapshot   one state of a store as an SQLite file, while others write; looking: a store read from end to end

A neutral value is what SQLite holds: a time is text of fixed width, a flag 0 or 1, JSON the text that was written.
"""
