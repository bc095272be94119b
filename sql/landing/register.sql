-- what:  register a file; one already registered is left as it is
-- grain: delivery
-- reads: core.hash_id
-- key:   delivery_id
INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, sha256, bytes, control,
                              covers_from, covers_to, contract_version, code_version, state, status, reasons, duplicate_of,
                              business_on)
VALUES (core.hash_id('delivery|' || :feed || '|' || :partner || '|' || :file_name || '|' || :identity), :feed, :partner,
        :file_name, :snapshot_on, :sequence, :mode, :sha256, :bytes, CAST(:control AS jsonb), :covers_from, :covers_to,
        :contract_version, :code_version, :state, :status, CAST(:reasons AS jsonb), :duplicate_of, :business_on)
ON CONFLICT (delivery_id) DO NOTHING
RETURNING delivery_id
