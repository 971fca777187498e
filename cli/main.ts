import { program } from './program.ts';
import { fail } from './support/output.ts';

try {
  await program.parseAsync();
} catch (error) {
  fail(error, process.argv.includes('--json'));
}
