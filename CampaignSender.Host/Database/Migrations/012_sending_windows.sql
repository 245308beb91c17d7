-- When contacts may be written to: of a campaign, or, with the nil uuid, of all that have no window of their own.
create table campaign_sender_windows (
    campaign_id uuid   primary key,
    zone        text   not null,
    hours       text[] not null check (cardinality(hours) > 0),
    holidays    text[] not null
);
