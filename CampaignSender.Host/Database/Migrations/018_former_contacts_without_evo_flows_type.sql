-- As a text: evo-flow may exchange the type of its statuses, which it could not do while a table of ours has it too.
alter table campaign_sender_former_contacts
    alter column status type text;

create or replace function campaign_sender_keep_former_contacts() returns trigger
    language plpgsql security definer set search_path from current as
$$
begin
    insert into campaign_sender_former_contacts
        (campaign_id, correlation_id, contact_id, id, status, sent_at, claim_id, claim_expires_at, claim_attempts,
         failure_code, failure_reason, crm_message_id, settled_at, uncertain_since, deleted_at)
    select campaign_id, claim_correlation_id, contact_id, id, status::text, sent_at, claim_id, claim_expires_at,
           claim_attempts, failure_code, failure_reason, crm_message_id, settled_at, uncertain_since,
           statement_timestamp()
    from deleted
    where claim_correlation_id is not null
      and (status <> 'PENDING' or claim_id is not null)
      and failure_code is distinct from 'duplicate_row'
      -- It may be the campaign itself that is deleted.
      and exists (select from campaigns where campaigns.id = deleted.campaign_id)
    on conflict do nothing;

    insert into campaign_sender_emptied_campaigns (campaign_id, emptied_at, was_paused)
    select id, clock_timestamp(), status = 3
    from campaigns
    where id in (select campaign_id from deleted)
      and not exists (select from campaigns_contacts where campaigns_contacts.campaign_id = campaigns.id)
    on conflict (campaign_id) do update set emptied_at = excluded.emptied_at, was_paused = excluded.was_paused;

    return null;
end
$$;

-- As before: see 015.
do $$
begin
    execute format(
        'alter function campaign_sender_keep_former_contacts() set search_path = %s, pg_temp',
        current_setting('search_path')
    );
end
$$;
