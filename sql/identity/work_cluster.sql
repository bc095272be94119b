-- what:  units that evidence joined to others or a person kept apart, filled from tf_integration/identify/clusters.py
-- grain: unit
-- reads: -
-- key:   unit. root = the cluster's smallest unit; evidence = the rank of the strongest that holds the unit; where that is the
--        model's, weight = the strongest pair's match weight in bits, because = what agreed in it, in words
CREATE TEMP TABLE work_cluster (
    unit     int NOT NULL,
    root     int NOT NULL,
    evidence int NOT NULL,
    weight   double precision,
    because  text
) ON COMMIT DROP
