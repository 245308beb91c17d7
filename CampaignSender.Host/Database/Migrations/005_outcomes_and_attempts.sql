-- Since when nobody knows whether a contact was posted, and how often a page was begun without coming to an end.
alter table campaigns_contacts
    add column if not exists uncertain_since timestamptz;

create table campaign_sender_page_attempts (
    campaign_id uuid        not null,
    page        integer     not null,
    body_hash   bytea       not null,
    attempts    integer     not null,
    pending     integer     not null,
    begun_at    timestamptz not null default now(),
    primary key (campaign_id, page, body_hash)
);
