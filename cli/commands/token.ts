import type { Command } from 'commander';
import { personas } from '../../infra/local/identity/personas.ts';
import { connect } from '../support/connection.ts';
import { printJson } from '../support/output.ts';

async function token(persona: string, { json }: { json?: boolean }): Promise<void> {
  const accessToken = await connect().token(persona);
  if (json === true) printJson({ persona, access_token: accessToken });
  else console.log(accessToken);
}

export const addToken = (program: Command): Command =>
  program
    .command('token')
    .description('print an access token of the local stack')
    .argument('[persona]', Object.keys(personas).join(', '), 'engineering')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  curl -H "Authorization: Bearer $(npx darkroom token)" localhost:7071/api/images',
    )
    .action(token);
