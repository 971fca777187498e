import type { Command } from 'commander';
import { migrateSynapse } from '../../../shared/database/migrations/synapse.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly endpoint: string;
  readonly lakeUrl: string;
  readonly group: string;
  readonly json?: boolean;
}

async function migrate({ endpoint, lakeUrl, group, json }: Options): Promise<void> {
  const result = await migrateSynapse(endpoint, { LakeUrl: lakeUrl }, { name: group });
  if (json === true) printJson(result);
  else for (const name of result.applied) console.log(`applied  ${name}`);
  if (json !== true && result.applied.length === 0) console.log('Nothing is pending.');
}

export const addLakeMigrate = (lake: Command): Command =>
  lake
    .command('migrate')
    .description('make or renew the views in Synapse serverless SQL; safe to run twice')
    .requiredOption('--endpoint <host>', 'WORKSPACE-ondemand.sql.azuresynapse.net')
    .requiredOption('--lake-url <url>', 'https://ACCOUNT.dfs.core.windows.net/lake')
    .requiredOption('--group <name>', 'display name of the Entra group of analysts')
    .option('--json', 'print JSON')
    .action(migrate);
