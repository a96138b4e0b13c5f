"""Views of alerts: the rules, what was told on which channel, and of which events."""

from __future__ import annotations

from ingest.views.base import Column, ColumnType, View

__all__ = ["VIEWS"]

_TEXT, _INTEGER, _REAL, _FLAG = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.REAL, ColumnType.FLAG
_TIME, _LIST = ColumnType.TIME, ColumnType.LIST

_OF_RULE = "FROM alert_deliveries d WHERE d.rule_id = r.id AND d.state"

_RULES = View(
    name="v_alert_rules",
    description="One row per alert rule, removed ones too. An empty list matches everything.",
    columns=(
        Column(name="rule", type=_TEXT, description="Its name."),
        Column(name="state", type=_TEXT, description="`active`, `paused` or `removed`."),
        Column(name="channels", type=_LIST, description="Where it tells."),
        Column(name="organisations", type=_LIST, description="Public ids; one of the parties is one of them."),
        Column(name="parties", type=_LIST, description="Words that one of the names of a party holds."),
        Column(name="topics", type=_LIST, description="Of the article that led to the event."),
        Column(name="kinds", type=_LIST, description="Of the agreement."),
        Column(name="statuses", type=_LIST, description="That it has from the event on."),
        Column(name="languages", type=_LIST, description="Of the article; `zh` covers both scripts."),
        Column(name="sources", type=_LIST, description="That brought the article."),
        Column(name="min_confidence", type=_REAL, nullable=True, description="Of the agreement."),
        Column(name="max_age_days", type=_INTEGER, nullable=True, description="How old its date may be."),
        Column(name="allows_undated", type=_FLAG, description="Whether one without a date is told of."),
        Column(name="first_contact", type=_FLAG, description="Whether what a source held when new is told of."),
        Column(name="digest", type=_TEXT, nullable=True, description="`daily` or `weekly`; else each event at once."),
        Column(name="digest_at", type=_TEXT, nullable=True, description="Time of day of the digest."),
        Column(name="digest_weekday", type=_INTEGER, nullable=True, description="0 is Monday; of a weekly digest."),
        Column(name="time_zone", type=_TEXT, description="Of the digest and the quiet hours."),
        Column(name="quiet_from", type=_TEXT, nullable=True, description="When quiet hours begin."),
        Column(name="quiet_until", type=_TEXT, nullable=True, description="When they end."),
        Column(name="ceiling", type=_INTEGER, nullable=True, description="Messages an hour and channel at most."),
        Column(name="created_at", type=_TIME, description="When it was added."),
        Column(name="pending", type=_INTEGER, description="Deliveries that wait."),
        Column(name="sent", type=_INTEGER, description="Deliveries that were sent."),
        Column(name="parked", type=_INTEGER, description="Deliveries that were given up."),
    ),
    query=f"""
SELECT r.name, CASE WHEN r.removed_at IS NOT NULL THEN 'removed' WHEN r.enabled THEN 'active' ELSE 'paused' END,
    LISTED(r.channels), LISTED(r.parties), LISTED(r.party_texts), LISTED(r.topics), LISTED(r.kinds),
    LISTED(r.statuses), LISTED(r.languages), LISTED(r.sources), r.min_confidence, r.max_age_days,
    FLAG(r.allows_undated), FLAG(r.first_contact), r.digest, r.digest_at, r.digest_weekday, r.time_zone, r.quiet_from,
    r.quiet_until, r.ceiling, TIME(r.created_at), (SELECT count(*) {_OF_RULE} = 'pending'),
    (SELECT count(*) {_OF_RULE} = 'sent'), (SELECT count(*) {_OF_RULE} = 'parked')
FROM alert_rules r
""",  # noqa: S608 - joined of constants above
)

_DELIVERIES = View(
    name="v_alert_deliveries",
    description="One row per message that was, or is to be, sent on a channel.",
    columns=(
        Column(
            name="delivery_id", type=_TEXT, description="What receivers know a repetition by: `alr-` and hex digits."
        ),
        Column(name="rule", type=_TEXT, description="Name of the rule that asked for it."),
        Column(name="channel", type=_TEXT, description="Where it goes."),
        Column(name="kind", type=_TEXT, description="`instant`, `digest` or `summary`."),
        Column(
            name="state",
            type=_TEXT,
            description="`pending`, `sent`, `parked` (given up) or `withdrawn` (nobody is to be told any more).",
        ),
        Column(name="events", type=_INTEGER, description="Agreement events that it tells of."),
        Column(name="scheduled_at", type=_TIME, description="When it was to be sent first."),
        Column(name="due_at", type=_TIME, description="When it is tried next, while it is pending."),
        Column(name="attempts", type=_INTEGER, description="Attempts that were begun."),
        Column(name="held_by_run", type=_INTEGER, nullable=True, description="Run of the process that has it in hand."),
        Column(name="created_at", type=_TIME, description="When the event happened, or the first of several."),
        Column(name="sent_at", type=_TIME, nullable=True, description="When the receiver took it."),
        Column(name="failure", type=_TEXT, nullable=True, description="Why the last attempt failed, if it did."),
        Column(name="answer", type=_TEXT, nullable=True, description="What the receiver said."),
    ),
    query="""
SELECT d.public_id, r.name, d.channel, d.kind, d.state,
    (SELECT count(*) FROM alert_delivery_events e WHERE e.delivery_id = d.id),
    TIME(d.scheduled_at), TIME(d.due_at), d.attempts, d.lease_run_id, TIME(d.created_at), TIME(d.sent_at), d.failure,
    d.answer
FROM alert_deliveries d
JOIN alert_rules r ON r.id = d.rule_id
""",
)

_EVENTS = View(
    name="v_alert_delivery_events",
    description="One row per message and agreement event that it tells of.",
    columns=(
        Column(name="delivery_id", type=_TEXT, description="As in `v_alert_deliveries`."),
        Column(name="event_id", type=_INTEGER, description="As in `v_agreement_events`."),
        Column(name="why", type=_TEXT, description="`detected`, `status_changed` or `withdrawn`."),
        Column(name="agreement_id", type=_TEXT, description="Public id of the agreement, before any merge."),
        Column(name="mention_id", type=_INTEGER, nullable=True, description="The sentence that led to it."),
        Column(name="old_status", type=_TEXT, nullable=True, description="Status before."),
        Column(name="new_status", type=_TEXT, nullable=True, description="Status after."),
        Column(name="note", type=_TEXT, nullable=True, description="What the person said who dismissed it."),
    ),
    query="""
SELECT d.public_id, e.id, o.why, g.public_id, e.mention_id, e.old_status, e.new_status, e.detail
FROM alert_delivery_events x
JOIN alert_deliveries d ON d.id = x.delivery_id
JOIN agreement_events e ON e.id = x.event_id
JOIN alert_occasions o ON o.event_id = x.event_id
JOIN agreements g ON g.id = o.agreement_id
""",
)

VIEWS = (_RULES, _DELIVERIES, _EVENTS)
