"""Who agreed with whom: the names around a trigger, read by the structure of the sentence.

A (and B, appositions between) … signed … TRIGGER … with C (, D and E)      subject and counterpart
TRIGGER between|by|of A, B and C;  A's TRIGGER with B;  A–B TRIGGER         all in one group
A partners with B;  A and B team up to …                                    the verb is the trigger
the two universities|both sides … signed …                                  by reference: resolved by the caller
"""

from __future__ import annotations

from ingest.agreements.parties.reading import Reading, Reference
from ingest.agreements.parties.sides import read

__all__ = ["Reading", "Reference", "read"]
