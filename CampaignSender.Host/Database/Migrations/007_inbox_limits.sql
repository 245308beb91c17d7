-- The rate limit of an inbox, one for all replicas: its own limit, where it has one, and the time from which its next
-- message may go. Its row changes all the time, and never its index.
create table campaign_sender_inboxes (
    inbox_id    uuid primary key,
    capacity    integer check (capacity > 0),
    refill_rate integer check (refill_rate >= 0),
    granted     integer not null default 0,
    next_at     timestamptz
) with (fillfactor = 50);
