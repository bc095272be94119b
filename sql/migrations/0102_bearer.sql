-- Somebody's stay at a home with the surname that they mostly bear: how many different ones a day has tells a dwelling from a hostel.
CREATE TYPE identity.bearer AS (seen_from date, until date, surname text);
