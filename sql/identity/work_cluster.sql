-- what:  units that evidence joined to others or a person kept apart, filled from tf_integration/identify/clusters.py
-- grain: unit
-- reads: -
-- key:   unit. root = the cluster's smallest unit; evidence = the rank of the strongest that holds the unit
CREATE TEMP TABLE work_cluster (
    unit     int NOT NULL,
    root     int NOT NULL,
    evidence int NOT NULL
) ON COMMIT DROP
