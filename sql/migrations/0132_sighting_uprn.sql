-- Which UPRNs are given with a written address is answered from both ends of an index, and not by reading all who give the address.
CREATE INDEX sighting_written_uprn ON identity.sighting (written, uprn) WHERE written IS NOT NULL;
DROP INDEX identity.sighting_written;
