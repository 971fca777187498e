/**
 * `npm run prove` lists the proofs; `npm run prove -- NAME… [--short]` runs them, one line for each claim. Exit code 1
 * when a claim does not hold, or a proof ends without one.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Claim, Proof } from './proof.ts';

const { values, positionals } = parseArgs({
  options: { short: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const folder = new URL('.', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !['run.ts', 'proof.ts'].includes(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const load = async (name: string): Promise<Proof> =>
  ((await import(new URL(`${name}.ts`, folder).href)) as { default: Proof }).default;

function print({ claim, holds, detail }: Claim): void {
  console.log(`${holds ? 'holds' : 'FAILS'}  ${claim}: ${detail}`);
}

async function failuresOf(name: string): Promise<number> {
  const claims: Claim[] = [];
  try {
    for await (const claim of (await load(name)).claims({ isShort: values.short })) {
      claims.push(claim);
      print(claim);
    }
  } catch (error) {
    console.error(error);
    print({ claim: `${name} runs to its end`, holds: false, detail: String(error) });
    return 1;
  }
  const failures = claims.filter(({ holds }) => !holds).length;
  console.log(`${name}: ${claims.length - failures} of ${claims.length} claims hold`);
  return claims.length === 0 ? 1 : failures;
}

const unknown = positionals.filter((name) => !names.includes(name));
if (positionals.length === 0) {
  console.log('npm run prove -- NAME… [--short]\n');
  for (const name of names) console.log(`  ${name.padEnd(12)}${(await load(name)).about}`);
} else if (unknown.length > 0) {
  console.error(`There is no proof called ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const name of positionals) if ((await failuresOf(name)) > 0) process.exitCode = 1;
  // A proof that was cut off leaves clients behind that try for ever.
  process.exit();
}
