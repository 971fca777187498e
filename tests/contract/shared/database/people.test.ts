import { expect, test } from '@jest/globals';
import { codeOf, describeEngines } from './support/describe-engines.ts';
import { as, shop } from './support/shop.ts';

const at = new Date('2026-01-05T10:00:00.000Z');

describeEngines('requests about people', (engine, testIf) => {
  const db = () => engine().database;
  const erase = async (
    member_id: number,
    more: { reason?: string; dry_run?: boolean; member_key?: string } = {},
  ) =>
    (
      await db().execute(
        'operations',
        'erase_member',
        { member_id, reason: 'asked', dry_run: false, at, member_key: null, ...more },
        as('eve'),
      )
    )[0]!;

  test('erase nothing in a dry run, then once, with one audit entry', async () => {
    const member = await shop(db()).member();
    expect(await erase(member, { dry_run: true })).toMatchObject({ outcome: 'found', sequence: null });
    const [counted] = await db().query('operations', 'person_requests', {
      orderBy: [['sequence', 'desc']],
      limit: 1,
    });
    expect(counted).toMatchObject({ action: 'count', kind: 'member', actor: 'eve', reason: 'asked' });
    const first = await erase(member);
    expect(first).toMatchObject({ outcome: 'erased', orders: 0, total_price: '0.0000' });
    expect(await erase(member)).toEqual({ ...first, outcome: 'exists' });
    const [entry] = await db().query('operations', 'person_requests', {
      where: [{ column: 'sequence', operator: '=', value: first.sequence! }],
    });
    expect(entry).toMatchObject({ action: 'erase', kind: 'member', actor: 'eve', subject: first.member_key });
    expect(counted!.subject).toBe(first.member_key);
    expect(entry!.result).toEqual({ orders: 0, totalPrice: expect.stringMatching(/^0(\.0+)?$/) });
  });

  test('erase nobody else who has the id, where the key is named', async () => {
    const member = await shop(db()).member();
    const { member_key } = await erase(member, { dry_run: true });
    expect(await codeOf(erase(member, { member_key: crypto.randomUUID() }))).toBe('not-found');
    expect(await erase(member, { dry_run: true, member_key })).toMatchObject({ outcome: 'found' });
    expect(await erase(member, { member_key })).toMatchObject({ outcome: 'erased' });
  });

  test('need a reason, and are never changed or removed', async () => {
    const member = await shop(db()).member();
    expect(await codeOf(erase(member, { reason: ' ' }))).toBe('invalid-value');
    await erase(member);
    for (const change of [
      "UPDATE orders.person_requests SET reason = 'x'",
      'DELETE FROM orders.person_requests',
    ]) {
      await expect(engine().sql(change)).rejects.toThrow('Nothing is ever removed');
    }
  });

  testIf(
    'personal logins',
    'are answered to the service alone, where nobody can take the entry back',
    async () => {
      const member_id = await shop(db()).member();
      const parameters = { member_id, reason: 'curious', at };
      const person = await engine().person('engineering');
      expect(
        await codeOf(person.database.execute('operations', 'export_member', parameters, as('eve'))),
      ).toBe('forbidden');
      const [exported] = await db().execute('operations', 'export_member', parameters, as('eve'));
      expect(exported).toMatchObject({ name: 'Ada Berg' });
    },
  );
});
