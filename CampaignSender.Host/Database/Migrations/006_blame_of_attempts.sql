-- The attempts at a page, each shared with the pages that were in work beside it: one that crashed may have been any of them.
alter table campaign_sender_page_attempts
    add column blame double precision not null default 0;
