-- How many messages an inbox may send in any stretch of time as long as the window, over all replicas.
create table campaign_sender_quotas (
    inbox_id    uuid primary key,
    messages    integer  not null check (messages > 0),
    time_window interval not null check (time_window >= interval '1 minute')
);

-- What it has sent, by the part of the time line that it was sent in; each is forgotten when it has left the window.
create table campaign_sender_quota_slots (
    inbox_id uuid        not null references campaign_sender_quotas (inbox_id) on delete cascade,
    ends_at  timestamptz not null,
    used     integer     not null check (used >= 0),
    primary key (inbox_id, ends_at)
) with (fillfactor = 50);
