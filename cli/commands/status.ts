import type { Command } from 'commander';
import { ApiError, callApi } from '../support/api.ts';
import { connect } from '../support/connection.ts';
import { printJson } from '../support/output.ts';

/** Indented `name: value` lines for any JSON answer. */
function outline(value: unknown, indent = ''): string {
  if (Array.isArray(value))
    return value.map((one) => `${indent}-\n${outline(one, `${indent}  `)}`).join('\n');
  if (typeof value !== 'object' || value === null) return `${indent}${String(value)}`;
  return Object.entries(value)
    .map(([name, inner]) =>
      typeof inner === 'object' && inner !== null
        ? `${indent}${name}:\n${outline(inner, `${indent}  `)}`
        : `${indent}${name}: ${String(inner)}`,
    )
    .join('\n');
}

async function status({ json }: { json?: boolean }): Promise<void> {
  const connection = connect();
  const health = await callApi(connection, '/health').catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 503) return error.problem;
    throw error;
  });
  const stream = await callApi(connection, '/operations/stream');
  if (json === true) printJson({ api: connection.api, health, stream });
  else console.log(outline({ api: connection.api, health, stream }));
}

export const addStatus = (program: Command): Command =>
  program
    .command('status')
    .description('health of the parts, and how far behind each reader of the stream is')
    .option('--json', 'print JSON')
    .action(status);
