-- Campaigns that send and of which nothing has moved for long: when one of the replicas has to look at their contacts next, and
-- how many the last look found pending that nothing comes to.
create table campaign_sender_standstill_looks (
    campaign_id uuid   primary key references campaigns (id) on delete cascade,
    next_at     timestamptz not null,
    pending     bigint not null default 0
);
