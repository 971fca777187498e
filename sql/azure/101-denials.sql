-- needs: permissions
-- Whatever somebody is granted besides, a member of db_datawriter say: who is in analytics changes no row but through a
-- procedure that they may execute. EXECUTE is not denied: the identity of the desks' app serves analytics beside logistics
-- and sales, and a denial to one of its roles outweighs the grants of the others.
DENY INSERT, UPDATE, DELETE TO analytics;
GO
-- The rights matrix shows the grants of all roles, which a caller sees only with this.
GRANT VIEW DEFINITION TO engineering;
