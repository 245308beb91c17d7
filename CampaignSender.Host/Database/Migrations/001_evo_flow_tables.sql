-- The tables of evo-flow, for an installation that does not have them yet. Where a table exists, nothing is done to it:
-- it belongs to evo-flow, and indexes and columns are only made together with the table.
do $$
begin
    if to_regtype('campaign_contact_status_enum') is null then
        create type campaign_contact_status_enum as enum ('PENDING', 'SENT', 'FAILED', 'SKIPPED');
    end if;

    if to_regclass('campaigns') is null then
        create table campaigns (
            id                         uuid primary key default gen_random_uuid(),
            title                      varchar(255) not null,
            name                       varchar(40)  not null,
            description                text,
            publisher                  varchar(100),
            schedule_to                timestamptz,
            scheduled_job_id           varchar(255),
            status                     integer      not null default 0,
            spread_sending             integer,
            sent_contacts              numeric,
            failed_contacts            integer      not null default 0,
            total_pages                integer,
            sent_percentage            numeric,
            query                      text,
            steps                      jsonb,
            tags                       jsonb,
            send_to_all                boolean      not null default false,
            type                       varchar(30)  not null,
            inbox_id                   uuid,
            channel_type               varchar(50),
            is_rate_limit              boolean      not null default false,
            is_run_segment             boolean      not null default false,
            recurrence_count           integer      not null default 0,
            recurrence_settings        jsonb,
            testab_name                varchar(255),
            testab_subject             varchar(255),
            testab_percentage          numeric,
            testab_winner_criteria     varchar(50),
            testab_duration_hours      integer,
            phone_number_strategy      varchar(50)  not null default 'round_robin',
            template_allocation_config jsonb        not null default '{}',
            delivery_distribution      jsonb        not null default '{}',
            trigger_config             jsonb,
            created_at                 timestamp    not null default current_timestamp,
            updated_at                 timestamp    not null default current_timestamp,
            deleted_at                 timestamp
        );
        create unique index unique_campaign_name on campaigns (name);
        create index idx_campaigns_status on campaigns (status);
        create index idx_campaigns_inbox_id on campaigns (inbox_id);
    end if;

    if to_regclass('campaigns_contacts') is null then
        create table campaigns_contacts (
            id             uuid primary key default gen_random_uuid(),
            campaign_id    uuid      not null references campaigns (id) on delete cascade,
            contact_id     uuid      not null,
            sent_at        timestamp,
            status         campaign_contact_status_enum not null default 'PENDING',
            batch_sequence integer,
            created_at     timestamp not null default current_timestamp
        );
        create index idx_campaign_contacts_campaign_id on campaigns_contacts (campaign_id);
        create index idx_campaign_contacts_contact_id on campaigns_contacts (contact_id);
        create index idx_campaign_contacts_cursor on campaigns_contacts (campaign_id, created_at, id);
        create index idx_campaign_contacts_batch_sequence on campaigns_contacts (campaign_id, batch_sequence)
            where batch_sequence is not null;
    end if;

    if to_regclass('campaigns_templates') is null then
        create table campaigns_templates (
            id                  uuid primary key default gen_random_uuid(),
            campaign_id         uuid        not null references campaigns (id) on delete cascade,
            message_template_id uuid        not null,
            variant             varchar(10) not null default 'A',
            is_winner           boolean     not null default false,
            statistics          jsonb       not null default '{}',
            created_at          timestamp   not null default current_timestamp,
            updated_at          timestamp   not null default current_timestamp,
            unique (campaign_id, message_template_id, variant)
        );
    end if;

    if to_regclass('campaign_tracked_pages') is null then
        create table campaign_tracked_pages (
            id           uuid primary key default gen_random_uuid(),
            campaign_id  uuid        not null references campaigns (id) on delete cascade,
            page         integer     not null,
            sent_count   integer     not null default 0,
            failed_count integer     not null default 0,
            created_at   timestamptz not null default current_timestamp,
            constraint uq_campaign_tracked_pages_campaign_page unique (campaign_id, page)
        );
    end if;
end
$$;
