-- Not unique, because evo-flow's tables may hold a contact twice in one campaign. Built while the others go on writing,
-- which PostgreSQL does outside a transaction only.
create index concurrently if not exists campaign_sender_contacts_by_campaign
    on campaigns_contacts (campaign_id, contact_id);
