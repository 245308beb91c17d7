-- For those that are due to be forgotten: every replica looks once an hour.
create index concurrently if not exists campaign_sender_former_contacts_by_time
    on campaign_sender_former_contacts (deleted_at);
