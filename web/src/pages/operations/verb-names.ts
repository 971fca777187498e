/** What a right of the database lets one do, in one word. */
export const verbNames: Readonly<Record<string, string>> = {
  select: 'read',
  insert: 'insert',
  update: 'update',
  delete: 'delete',
  execute: 'run',
};
