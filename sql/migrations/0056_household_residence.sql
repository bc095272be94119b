-- Whether a listed member lives with the household (early help says so): a listed non-resident is a member in every rule, and yet does
-- not live there. Null: nobody said.
ALTER TABLE identity.membership ADD COLUMN resident boolean;
