-- A campaign of 20,000 contacts and no pages yet for compose.yaml, as evo-flow leaves one behind. Runs twice without effect.
INSERT INTO campaigns (id, title, name, status, type, inbox_id, channel_type, total_pages)
VALUES (
    '00000000-0000-4000-8000-000000000001', 'A campaign for trying out', 'trying out', 2, 'regular',
    '00000000-0000-4000-8000-000000000002', 'whatsapp', 0
)
ON CONFLICT DO NOTHING;

INSERT INTO campaigns_templates (campaign_id, message_template_id)
VALUES ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000003')
ON CONFLICT DO NOTHING;

INSERT INTO campaigns_contacts (campaign_id, contact_id)
SELECT '00000000-0000-4000-8000-000000000001', gen_random_uuid()
FROM generate_series(1, 20000)
WHERE NOT EXISTS (SELECT FROM campaigns_contacts WHERE campaign_id = '00000000-0000-4000-8000-000000000001');
