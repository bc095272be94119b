-- Addresses that the council knows to be no dwelling: refuges, hostels, schools, care homes. Nobody is of one household for living there.
-- Form as identity.text_key gives it; read anew with every refresh from TFI_HOME/reference/communal.csv.
CREATE TABLE identity.communal (
    uprn    text,                                   -- without leading noughts
    written text,                                   -- address and postcode, as homes are compared
    kind    text NOT NULL,
    CHECK (uprn IS NOT NULL OR written IS NOT NULL)
);
