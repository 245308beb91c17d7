-- Campaigns that the sender pauses by itself because too many of their contacts fail.
-- What one replica has seen of a campaign lately; written while contacts fail. Counts of a time before the last stop, which
-- stops tells, are nobody's any more.
create table campaign_sender_safety_windows (
    campaign_id uuid        not null references campaigns (id) on delete cascade,
    replica_id  uuid        not null,
    outcomes    integer     not null,
    failures    integer     not null,
    stops       integer     not null,
    seen_at     timestamptz not null,
    primary key (campaign_id, replica_id)
) with (fillfactor = 50);

create table campaign_sender_safety_stops (
    id          bigint generated always as identity primary key,
    campaign_id uuid        not null references campaigns (id) on delete cascade,
    stopped_at  timestamptz not null default clock_timestamp(),
    outcomes    integer     not null,
    failures    integer     not null,
    reason      text        not null
);
create index campaign_sender_safety_stops_by_campaign on campaign_sender_safety_stops (campaign_id);

-- Thresholds that an operator has set: for a campaign, or, with the nil uuid, for all that have none of their own.
create table campaign_sender_safety_limits (
    campaign_id   uuid primary key,
    window_size   integer not null check (window_size > 0),
    min_failures  integer not null check (min_failures > 0),
    share_percent integer not null check (share_percent between 0 and 100)
);
