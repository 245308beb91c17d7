-- A function that runs with the rights of whoever migrated must not find somebody's temporary tables before ours: without
-- pg_temp in its path they come first.
do $$
begin
    execute format(
        'alter function campaign_sender_keep_former_contacts() set search_path = %s, pg_temp',
        current_setting('search_path')
    );
end
$$;
