-- Files of odd names are answered too, and a refused key is not tried without end.
ALTER TABLE landing.sighting ADD COLUMN receipt_at timestamptz;          -- of an odd name: when its receipt was written
ALTER TABLE landing.account ADD COLUMN refused_at timestamptz[] NOT NULL DEFAULT '{}';   -- when our key was refused, newest last
