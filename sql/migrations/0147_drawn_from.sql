-- A sample could be drawn again only as long as nothing new was known of its families: the groups that it was drawn from followed the
-- latest verdicts. They are kept with it.
ALTER TABLE claim.sample ADD COLUMN drawn_from jsonb NOT NULL DEFAULT '{}';  -- each claim of the window then, and its group
