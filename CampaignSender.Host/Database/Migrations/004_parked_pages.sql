-- Pages that cannot finish now. No foreign key to campaigns: the pages of a deleted campaign must be seen to end.
create table campaign_sender_parked_pages (
    id             uuid primary key default gen_random_uuid(),
    campaign_id    uuid        not null,
    page           integer     not null,
    correlation_id uuid        not null,
    reason         text        not null,
    body           bytea       not null,
    body_hash      bytea       not null,
    headers        jsonb       not null default '{}',
    redrives       integer     not null default 0,
    parked_at      timestamptz not null default now(),
    redrive_at     timestamptz not null,
    unique (campaign_id, page, body_hash)
);
create index campaign_sender_parked_pages_by_time on campaign_sender_parked_pages (redrive_at);
