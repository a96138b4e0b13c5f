"""Alerts in the store: which events are worth one, the rules, the outbox, and who sends what.

occasions   an agreement event that nobody was told of → a row, and what rules are asked about it
rules       rows of rules
outbox      occasion → deliveries, in the transaction of the event; withdrawals
queue       deliveries that are due: claimed, sent, tried again, parked
"""
