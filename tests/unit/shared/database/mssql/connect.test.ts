import { expect, test } from '@jest/globals';
import { whenAvailable } from '../../../../../shared/database/mssql/connect.ts';

/** As tedious has it: the number of a failed login is in its words. */
const loginFailed = (message: string): Error => Object.assign(new Error(message), { code: 'ELOGIN' });
const paused = loginFailed("Database 'darkroom' on server 'dr-sql' is not currently available (40613).");

test('a database that resumes is waited for', async () => {
  const answers: unknown[] = [paused, paused, 'connected'];
  const open = (): Promise<unknown> => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const waits: number[] = [];
  expect(await whenAvailable(open, (_, attempt) => waits.push(attempt), 1)).toBe('connected');
  expect(waits).toEqual([1, 2]);
});

test('a refused sign-in is final', async () => {
  let attempts = 0;
  const open = (): Promise<never> => {
    attempts += 1;
    return Promise.reject(loginFailed('Login failed for user.'));
  };
  await expect(whenAvailable(open, undefined, 1)).rejects.toThrow('Login failed');
  expect(attempts).toBe(1);
});
