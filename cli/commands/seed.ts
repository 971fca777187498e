import { InvalidArgumentError, type Command } from 'commander';
import { seedDatabase, type SeedTable } from '../../shared/database/seed/seed.ts';
import { databaseOption, ownerAddress } from '../support/database.ts';
import { printJson } from '../support/output.ts';
import { showProgress } from '../support/progress.ts';

interface Options {
  readonly members: number;
  readonly products: number;
  readonly transactions: number;
  readonly seed: number;
  readonly years: number;
  readonly database?: string;
  readonly json?: boolean;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Not a whole number.');
  return value;
}

async function seed(options: Options): Promise<void> {
  const { members, products, transactions, years, json } = options;
  const address = ownerAddress(options.database);
  const started = performance.now();
  const progress = showProgress(members + products + transactions, 'Seeding', json === true);
  const last: Partial<Record<SeedTable, number>> = {};
  const request = { members, products, transactions, years, seed: options.seed };
  await seedDatabase(address, request, (table, done) => {
    progress.step(table, done - (last[table] ?? 0));
    last[table] = done;
  });
  progress.end();
  const seconds = Math.round(performance.now() - started) / 1000;
  if (json === true) printJson({ members, products, transactions, seconds });
  else console.log(`${products} products, ${members} members and ${transactions} orders in ${seconds} s.`);
}

export function addSeed(program: Command): void {
  program
    .command('seed')
    .description('add plausible members, products and orders')
    .option('--members <n>', 'how many', count, 2_000)
    .option('--products <n>', 'how many', count, 400)
    .option('--transactions <n>', 'how many orders', count, 20_000)
    .option('--seed <n>', 'the same number makes the same rows', count, 1)
    .option('--years <n>', 'how far back orders reach', count, 2)
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample, a few minutes:\n  npx darkroom seed --members 50000 --transactions 1000000',
    )
    .action(seed);
}
