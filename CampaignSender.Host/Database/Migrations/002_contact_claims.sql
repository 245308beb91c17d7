-- What the sender notes about a contact. Columns without a default, or with a constant one, change the catalogue alone:
-- the table is not rewritten, however large it is.
alter table campaigns_contacts
    add column if not exists claim_id         uuid,
    add column if not exists claim_expires_at timestamptz,
    add column if not exists claim_attempts   integer not null default 0,
    add column if not exists failure_code     text,
    add column if not exists failure_reason   text,
    add column if not exists crm_message_id   text,
    add column if not exists settled_at       timestamptz;
