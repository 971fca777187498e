import { sidOf } from '../mssql/users.ts';

/** The Entra group that reads the lake. */
export interface Analysts {
  readonly name: string;
  /** Its object id; without one the server looks the name up in Entra, as only a person may ask it to. */
  readonly id?: string | undefined;
}

const bracketed = (text: string): string => `[${text.replaceAll(']', ']]')}]`;
const literal = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/**
 * Makes the group a user who is a member of `analysts`. `FROM EXTERNAL PROVIDER` asks Entra in the name of who signed in, which a
 * service principal, so every deployment from CI, may not do. A login with the SID asks nobody; it lives in `master`.
 */
export function analystStatements({ name, id }: Analysts): {
  readonly master: readonly string[];
  readonly database: readonly string[];
} {
  const [own, text] = [bracketed(name), literal(name)];
  const login = `IF SUSER_ID(${text}) IS NULL CREATE LOGIN ${own}`;
  return {
    master: id === undefined ? [] : [`${login} WITH SID = ${sidOf(id)}, TYPE = X`],
    database: [
      `IF DATABASE_PRINCIPAL_ID(${text}) IS NULL CREATE USER ${own} FROM ${id === undefined ? 'EXTERNAL PROVIDER' : `LOGIN ${own}`}`,
      `ALTER ROLE analysts ADD MEMBER ${own}`,
    ],
  };
}
