-- Contacts that get no message whatever the campaign: in one channel, or in every one ('*'). A row whose time has passed
-- no longer counts.
create table campaign_sender_suppressions (
    contact_id uuid not null,
    channel    text not null check (channel in ('*', 'whatsapp', 'email', 'sms')),
    reason     text not null check (char_length(reason) between 1 and 200),
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (contact_id, channel)
);
