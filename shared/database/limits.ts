/** Limits that the SQL of both engines has too; a test holds them together. */

/** The longest name of whoever owns an image or acts, in UTF-16 units, as JavaScript and SQL Server count. */
export const maxOwnerUnits = 256;
