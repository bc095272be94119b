"""What goes on when nobody looks: incidents and their alerts, retention, the audit chain, a person's rights."""
