import type { Command } from 'commander';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

async function show(id: string): Promise<void> {
  const data = await ask((api) => api.GET('/operations/dead-letters/{id}', { params: { path: { id } } }));
  printJson(data);
}

export const addDeadLettersShow = (deadLetters: Command): Command =>
  deadLetters.command('show').description('everything about one, as JSON').argument('<id>').action(show);
