import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import { makeHealth, type Check } from '../../../../shared/operations/health.ts';

const now = new Date('2026-03-01T12:00:00Z');
beforeEach(() => void jest.useFakeTimers({ now }));
afterEach(() => void jest.useRealTimers());

const well: Check = { name: 'database', probe: () => Promise.resolve() };
const healthOf = (...checks: Check[]) => makeHealth(() => Promise.resolve(checks))();

describe('the health of a service', () => {
  test('is healthy when every part is, with when it was looked at and how long each took', async () => {
    expect(await healthOf(well, { ...well, name: 'event-hubs' })).toEqual({
      ...{ status: 'healthy', checkedAt: now.toISOString() },
      checks: [
        { name: 'database', status: 'healthy', milliseconds: 0 },
        { name: 'event-hubs', status: 'healthy', milliseconds: 0 },
      ],
    });
  });

  test.each([
    ['its own code', new DarkroomError('forbidden', 'secret-place'), 'forbidden'],
    ['unavailable for what nobody foresaw', new Error('connect secret-place'), 'unavailable'],
  ])('is unhealthy when one part is not, with %s and no word more', async (_title, error, code) => {
    const health = await healthOf(well, { name: 'bad', probe: () => Promise.reject(error) });
    expect(health).toMatchObject({
      status: 'unhealthy',
      checks: [{ status: 'healthy' }, { name: 'bad', status: 'unhealthy', code }],
    });
    expect(JSON.stringify(health)).not.toContain('secret-place');
  });

  test('is unhealthy where a part does not answer within four seconds, and says how long it waited', async () => {
    const never = { name: 'silent', probe: () => new Promise(() => undefined) };
    const asked = healthOf(never);
    let answered = false;
    void asked.then(() => (answered = true));
    await jest.advanceTimersByTimeAsync(3_999);
    expect(answered).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect((await asked).checks).toEqual([
      { name: 'silent', status: 'unhealthy', code: 'unavailable', milliseconds: 4_000 },
    ]);
  });

  test('leaves no timer behind', async () => {
    await healthOf(well);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('looks at all parts at once', async () => {
    const begun: string[] = [];
    const slow = (name: string): Check => ({
      name,
      probe: () => {
        begun.push(name);
        return new Promise(() => undefined);
      },
    });
    void healthOf(slow('a'), slow('b'));
    await jest.advanceTimersByTimeAsync(1);
    expect(begun).toEqual(['a', 'b']);
  });
});

describe('an answer', () => {
  function counted() {
    let looks = 0;
    const health = makeHealth(() => {
      looks += 1;
      return Promise.resolve([well]);
    });
    return { health, looks: () => looks };
  }

  test('serves everybody who asks within three seconds', async () => {
    const { health, looks } = counted();
    const [first, second] = await Promise.all([health(), health()]);
    jest.setSystemTime(now.getTime() + 3_000);
    expect(await health()).toBe(first);
    expect([second === first, looks()]).toEqual([true, 1]);
  });

  test('is looked for anew after that', async () => {
    const { health, looks } = counted();
    await health();
    jest.setSystemTime(now.getTime() + 3_001);
    await health();
    expect(looks()).toBe(2);
  });
});
