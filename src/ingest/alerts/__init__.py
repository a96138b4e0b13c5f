"""Alerts: rules say what to tell whom, the outbox in the store holds what is to be told, channels carry it.

The way of an alert:
    rules      which agreement events concern a rule (pure)
    notice     what one message tells
    message    a notice in words: plain text, Markdown, HTML
    channels   one module a kind: how a notice leaves
    dispatch   claim what is due, send it, record how it went
"""
