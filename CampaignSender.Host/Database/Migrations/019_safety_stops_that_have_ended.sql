-- When a campaign that the sender had paused was first seen not to be paused any more: whoever pauses it after that, it is not
-- the sender. Null: it is paused still.
alter table campaign_sender_safety_stops
    add column ended_at timestamptz;
