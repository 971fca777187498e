/**
 * Of the database on Azure SQL, fixed when it is made: names that differ in case alone are one name, accents tell names
 * apart, and characters beyond the first plane count (SC). `orders.names` is its match in PostgreSQL.
 */
export const databaseCollation = 'Latin1_General_100_CI_AS_SC';
