/**
 * `npm run test:sql`: the contract of the database on the TDS server that DARKROOM_TEST_SQL names, in a database of its
 * own for each file. See docs/database.md for DARKROOM_TEST_SQL_PREPARE.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if ((process.env['DARKROOM_TEST_SQL'] ?? '') === '') {
  console.error('Set DARKROOM_TEST_SQL, as in Server=127.0.0.1,1433;User Id=…;Password=…;Encrypt=false');
  process.exit(2);
}

const given = process.argv.slice(2);
const files = given.length > 0 ? given : ['tests/contract/shared/database'];
// One file at a time: databases that are made and dropped beside a test disturb the plans that some servers keep.
const options = [
  '--runInBand',
  '--verbose',
  '--testTimeout=120000',
  '--testPathIgnorePatterns=(logins|server)\\.test',
];
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const { status } = spawnSync(process.execPath, [...jest, ...files, ...options], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, DARKROOM_TEST_SQL_ONLY: 'yes' },
  stdio: 'inherit',
});
process.exit(status ?? 1);
