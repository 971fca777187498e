import { createHash, randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { imageDigest } from '../../../../shared/platform/image-id.ts';
import { maxOwnerUnits } from '../../../../shared/platform/limits.ts';
import { erasedEntry } from '../../../support/erased-entry.ts';
import { codeOf, describeEngines, errorOf } from './support/describe-engines.ts';
import { as } from './support/shop.ts';

const week = 7 * 86_400_000;
const uploaded = new Date('2026-01-05T10:00:00.123Z');
const at = new Date('2026-01-05T10:00:01.456Z');
const writer = as('service:stream');

describeEngines('images', (engine, testIf) => {
  const db = () => engine().database;
  const origin = (image_id: string) => ({
    image_id,
    owner: 'user-1',
    source: 'http',
    correlation_id: 'c-1',
    uploaded_at: uploaded,
    delete_at: new Date(uploaded.getTime() + week),
    at,
  });
  const facts = { content_type: 'image/png', bytes: 1234, width: 40, height: 30, sha256: 'a'.repeat(64) };
  const outcome = (rows: { outcome: string }[]): string => rows[0]!.outcome;
  const save = async (id: string, more = {}) =>
    outcome(await db().execute('storage_writer', 'save_image', { ...origin(id), ...facts, ...more }, writer));
  const failure = { code: 'processing-timeout', message: 'Too slow.' };
  const fail = async (id: string) =>
    outcome(await db().execute('storage_writer', 'fail_image', { ...origin(id), ...failure }, writer));
  const reject = async (id: string, more = {}) =>
    outcome(
      await db().execute('storage_writer', 'reject_image', { ...origin(id), ...failure, ...more }, writer),
    );
  const variant = (id: string, name: string, version = '1') => ({
    name,
    contentType: 'image/webp',
    width: 20,
    height: 15,
    bytes: 99,
    sha256: version.padEnd(64, 'b'),
    path: `${id}/${name}-${version}.webp`,
    processor: 'standard',
    processorVersion: version,
  });
  const process = async (id: string, variants: unknown[], values: unknown[] = []) =>
    (
      await db().execute(
        'storage_writer',
        'save_variants',
        { image_id: id, variants, facts: values, at },
        writer,
      )
    )[0]!;
  const read = async (id: string) =>
    (
      await db().query('storage_reader', 'images', {
        where: [{ column: 'image_id', operator: '=', value: id }],
      })
    )[0];
  const events = async (id: string) =>
    (
      await db().query('storage_reader', 'image_events', {
        where: [{ column: 'image_id', operator: '=', value: id }],
        orderBy: [['sequence', 'asc']],
      })
    ).map(({ event }) => event);
  const entry = (id: string, more = {}) => erasedEntry(id, { kind: 'retention', ...more });
  const erase = (entries: unknown[]) =>
    db().execute('storage_writer', 'erase_images', { entries }, as('service:purge'));
  const ledger = () => db().query('operations', 'purges', { orderBy: [['sequence', 'asc']] });

  test('saves a row once, to the millisecond, and a redelivery changes nothing', async () => {
    const id = randomUUID();
    expect([await save(id), await save(id, { width: 999 })]).toEqual(['created', 'exists']);
    expect(await read(id)).toEqual({
      image_id: id,
      owner: 'user-1',
      source: 'http',
      status: 'stored',
      ...facts,
      correlation_id: 'c-1',
      uploaded_at: uploaded,
      delete_at: new Date(uploaded.getTime() + week),
      failure_code: null,
      failure_message: null,
      file_name: null,
    });
    expect(await events(id)).toEqual(['received', 'stored']);
  });

  test('keeps what the file was called, of what is stored, rejected or failed, until it is erased', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
    const file_name = '😼'.repeat(125) + '.jpeg';
    await save(ids[0], { file_name });
    await reject(ids[1], { file_name });
    await fail(ids[2]);
    // Who marked it as failed did not know the name.
    await save(ids[2], { file_name });
    for (const id of ids) expect((await read(id))!.file_name).toBe(file_name);
    await erase(ids.map((id) => entry(id)));
    for (const id of ids) expect(await read(id)).toBeUndefined();
  });

  test('saves a row once when it is delivered twice at the same moment', async () => {
    const id = randomUUID();
    expect((await Promise.all([save(id), save(id), save(id)])).sort()).toEqual([
      'created',
      'exists',
      'exists',
    ]);
    expect(await events(id)).toEqual(['received', 'stored']);
  });

  test.each([
    ['ordinary characters', 'o'.repeat(maxOwnerUnits)],
    ['pairs of units', '😼'.repeat(maxOwnerUnits / 2)],
  ])('takes an owner of the longest length in %s, who is the actor as well', async (_, owner) => {
    const id = randomUUID();
    const row = { ...origin(id), ...facts, owner };
    expect(outcome(await db().execute('storage_writer', 'save_image', row, as(owner)))).toBe('created');
    expect((await read(id))!.owner).toBe(owner);
  });

  test.each([
    ['an unknown source', { source: 'fax' }],
    ['negative bytes', { bytes: -1 }],
    ['an owner of a unit too many', { owner: 'o'.repeat(maxOwnerUnits + 1) }],
    ['an owner of a pair too many', { owner: `${'😼'.repeat(maxOwnerUnits / 2)}o` }],
    ['an erasure before its upload', { delete_at: new Date('2020-01-01T00:00:00Z') }],
    ['a digest that is none', { sha256: 'abc' }],
    ['a file name of a unit too many', { file_name: 'n'.repeat(256) }],
  ])('refuses a row with %s: invalid-value', async (_, wrong) => {
    expect(await codeOf(save(randomUUID(), wrong))).toBe('invalid-value');
  });

  test('a failed image is stored again by a replay, and its failure is gone', async () => {
    const id = randomUUID();
    expect([await fail(id), await fail(id)]).toEqual(['created', 'exists']);
    expect(await read(id)).toMatchObject({
      status: 'failed',
      failure_code: 'processing-timeout',
      bytes: null,
    });
    expect(await save(id)).toBe('created');
    expect(await read(id)).toMatchObject({
      status: 'stored',
      failure_code: null,
      failure_message: null,
      bytes: 1234,
    });
    expect(await events(id)).toEqual(['received', 'failed', 'stored']);
  });

  test('processed and rejected are final', async () => {
    const [processed, rejected] = [randomUUID(), randomUUID()];
    await save(processed);
    await process(processed, [variant(processed, 'web')]);
    expect([await fail(processed), await reject(processed)]).toEqual(['exists', 'exists']);
    expect(await reject(rejected)).toBe('created');
    expect([await save(rejected), await fail(rejected)]).toEqual(['exists', 'exists']);
    expect([(await read(processed))!.status, (await read(rejected))!.status]).toEqual([
      'processed',
      'rejected',
    ]);
    expect(await codeOf(process(rejected, [variant(rejected, 'web')]))).toBe('wrong-state');
  });

  test('an overlong failure message is cut, not refused', async () => {
    const id = randomUUID();
    const rows = await db().execute(
      'storage_writer',
      'fail_image',
      { ...origin(id), code: 'internal', message: 'm'.repeat(3000) },
      writer,
    );
    expect(outcome(rows)).toBe('created');
    expect((await read(id))!.failure_message).toHaveLength(1000);
  });

  test('variants are replaced as a whole, and the paths that nothing refers to are answered', async () => {
    const id = randomUUID();
    await save(id);
    const values = [
      { name: 'blurhash', value: 'LKO"2', processor: 'standard', processorVersion: '1' },
      { name: 'dominantColour', value: { r: 1, g: 2.5 }, processor: 'standard', processorVersion: '1' },
      { name: 'faces', value: 3, processor: 'standard', processorVersion: '1' },
    ];
    const first = await process(id, [variant(id, 'web'), variant(id, 'thumbnail')], values);
    expect(first).toEqual({ outcome: 'saved', orphaned_paths: [] });
    const second = await process(id, [variant(id, 'web', '2')]);
    expect(second.outcome).toBe('saved');
    expect([...(second.orphaned_paths as string[])].sort()).toEqual([
      `${id}/thumbnail-1.webp`,
      `${id}/web-1.webp`,
    ]);
    const kept = await db().query('storage_reader', 'image_variants', {
      where: [{ column: 'image_id', operator: '=', value: id }],
    });
    expect(
      kept.map(({ name, processor_version, created_at }) => [name, processor_version, created_at]),
    ).toEqual([['web', '2', at]]);
    expect(await events(id)).toEqual(['received', 'stored', 'processed', 'reprocessed']);
  });

  test('an image and one of its variants are one row, each with its own type, size and digest', async () => {
    const id = randomUUID();
    await save(id);
    await process(id, [variant(id, 'web'), variant(id, 'thumbnail')]);
    const both = [
      { column: 'image_id', operator: '=', value: id },
      { column: 'name', operator: '=', value: 'thumbnail' },
    ] as const;
    const [of] = await db().query('storage_reader', 'images', { where: [both[0]] });
    const [own] = await db().query('storage_reader', 'image_variants', { where: both });
    const { name, path, processor, processor_version } = own!;
    expect(await db().query('storage_reader', 'servable_variants', { where: both })).toEqual([
      {
        ...of,
        ...{ name, path, processor, processor_version },
        variant_content_type: own!.content_type,
        variant_width: own!.width,
        variant_height: own!.height,
        variant_bytes: own!.bytes,
        variant_sha256: own!.sha256,
      },
    ]);
  });

  const keptFacts = async (given: Record<string, unknown>) => {
    const id = randomUUID();
    await save(id);
    const values = Object.entries(given).map(([name, value]) => ({
      ...{ name, value, processor: 'standard', processorVersion: '1' },
    }));
    await process(id, [variant(id, 'web')], values);
    const kept = await db().query('storage_reader', 'image_facts', {
      where: [{ column: 'image_id', operator: '=', value: id }],
    });
    return Object.fromEntries(kept.map(({ name, value }) => [name, value]));
  };

  test('facts keep the type of their values', async () => {
    const given = { text: 'LKO2', number: 2.5, truth: true, nothing: null, list: [1, 'x'], object: { a: 1 } };
    expect(await keptFacts(given)).toEqual(given);
  });

  testIf('json texts', 'facts keep quotes, backslashes and letters of any script', async () => {
    const given = { text: 'a "b" \\ ü 写' };
    expect(await keptFacts(given)).toEqual(given);
  });

  test('the versions of a processor are counted by image, whether it makes variants, facts or both', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const hash = (name: string, processorVersion: string) => ({
      ...{ name, value: 'LKO2', processor: 'facts-only', processorVersion },
    });
    const both = { processor: 'both', processorVersion: '1' };
    await save(first);
    await process(
      first,
      [{ ...variant(first, 'web'), ...both }],
      [hash('hash', '1'), hash('hash2', '1'), { name: 'size', value: 3, ...both }],
    );
    await save(second);
    await process(second, [], [hash('hash', '2')]);
    const rows = await db().query('operations', 'processors', {
      where: [{ column: 'processor', operator: 'in', value: ['facts-only', 'both'] }],
      orderBy: [
        ['processor', 'asc'],
        ['processor_version', 'asc'],
      ],
    });
    expect(rows).toEqual([
      { processor: 'both', processor_version: '1', images: 1, last_at: at },
      { processor: 'facts-only', processor_version: '1', images: 1, last_at: at },
      { processor: 'facts-only', processor_version: '2', images: 1, last_at: uploaded },
    ]);
  });

  test('a redelivery that makes the same variants is no event', async () => {
    const id = randomUUID();
    await save(id);
    await process(id, [variant(id, 'web')]);
    await process(id, [variant(id, 'web')]);
    expect(await events(id)).toEqual(['received', 'stored', 'processed']);
  });

  test('erases rows and appends one ledger entry each', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of ids) await save(id);
    await process(ids[0]!, [variant(ids[0]!, 'web')]);
    const answers = await erase(ids.map((id) => entry(id)));
    expect(answers.map(({ image_id, outcome: one }) => [image_id, one])).toEqual(
      ids.map((id) => [id, 'erased']),
    );
    for (const id of ids) expect(await read(id)).toBeUndefined();
    const entries = await ledger();
    expect(entries.slice(-3).map(({ image_digest }) => image_digest)).toEqual(ids.map(imageDigest));
  });

  test('an id in the ledger adds no second entry, and nothing of it is stored again', async () => {
    const id = randomUUID();
    await save(id);
    const [first] = await erase([entry(id)]);
    const [again] = await erase([entry(id, { kind: 'sweep' })]);
    expect([again!.outcome, again!.sequence]).toEqual(['exists', first!.sequence]);
    expect([await save(id), await fail(id), await reject(id)]).toEqual(['erased', 'erased', 'erased']);
    expect((await process(id, [variant(id, 'web')])).outcome).toBe('erased');
    expect((await process(randomUUID(), [])).outcome).toBe('missing');
  });

  test('erasures at once are one entry each', async () => {
    const ids = Array.from({ length: 8 }, () => randomUUID());
    const answers = await Promise.all(ids.map((id) => erase([entry(id)])));
    const sequences = answers.map((rows) => rows[0]!.sequence!).sort((left, right) => left - right);
    expect(new Set(sequences).size).toBe(8);
  });

  test('a row is received in the ledger by a salted commitment, which its erasure repeats', async () => {
    const id = randomUUID();
    await save(id);
    const marked = {
      imageId: id,
      kind: 'retention',
      uploadedAt: uploaded.toISOString(),
      deleteAt: at.toISOString(),
    };
    const begin = (blobs: Record<string, number>) =>
      db().execute(
        'storage_writer',
        'begin_erasures',
        { images: [{ ...marked, blobs }] },
        as('service:purge'),
      );
    const [begun] = await begin({ 'raw/a': 3 });
    expect(begun).toMatchObject({ image_id: id, blobs: { 'raw/a': 3 } });
    expect(begun!.salt).toMatch(/^[0-9a-f]{32}$/);
    const text = `darkroom-commitment:${begun!.salt}:${id}`;
    const commitment = createHash('sha256').update(text).digest('hex');
    const entriesOf = () =>
      db().query('operations', 'ledger', {
        where: [{ column: 'commitment', operator: '=', value: commitment }],
        orderBy: [['entry', 'asc']],
      });
    const due_at = new Date(uploaded.getTime() + week).toISOString();
    expect(await entriesOf()).toMatchObject([
      { kind: 'received', due_at, leaf_index: null, image_digest: null },
    ]);
    const where = [{ column: 'image_id', operator: '=', value: id }] as const;
    expect(await db().query('operations', 'commitments', { where })).toEqual([
      { image_id: id, commitment, image_digest: imageDigest(id) },
    ]);
    expect([await save(id), await fail(id)]).toEqual(['erased', 'erased']);
    expect((await process(id, [variant(id, 'web')])).outcome).toBe('erased');
    expect((await begin({ 'raw/b': 4 }))[0]).toMatchObject({
      salt: begun!.salt,
      blobs: { 'raw/a': 3, 'raw/b': 4 },
    });
    await erase([entry(id, { salt: begun!.salt })]);
    expect(await entriesOf()).toMatchObject([
      { kind: 'received' },
      { kind: 'retention', image_digest: imageDigest(id) },
    ]);
    expect(await db().query('storage_writer', 'erasures', { where })).toEqual([]);
  });

  test('entries get their places in the order in which they came, once', async () => {
    await save(randomUUID());
    const sequence = async () =>
      (await db().execute('storage_writer', 'sequence_ledger', {}, as('service:purge')))[0]!.size;
    const size = await sequence();
    expect(await sequence()).toBe(size);
    await save(randomUUID());
    await erase([entry(randomUUID())]);
    expect(await sequence()).toBe(size + 2);
    const leaves = await db().query('storage_writer', 'ledger', { orderBy: [['leaf_index', 'asc']] });
    expect(leaves.map(({ leaf_index }) => leaf_index)).toEqual(
      Array.from({ length: size + 2 }, (_, at) => at),
    );
    const order = leaves.map(({ entry: one }) => one);
    expect(order).toEqual([...order].sort((left, right) => left - right));
  });

  test('a checkpoint is recorded once', async () => {
    const record = (log: string, note: string) =>
      db().execute('storage_writer', 'record_checkpoint', { log, size: 1, note, at }, as('service:purge'));
    const [created, exists] = [[{ outcome: 'created' }], [{ outcome: 'exists' }]];
    expect(await record('old', 'first')).toEqual(created);
    expect(await record('old', 'second')).toEqual(exists);
    expect(await record('new', 'third')).toEqual(created);
    expect(await db().query('storage_reader', 'ledger_checkpoints', { orderBy: [['log', 'desc']] })).toEqual([
      { log: 'old', size: 1, note: 'first', published_at: at },
      { log: 'new', size: 1, note: 'third', published_at: at },
    ]);
  });

  test('the ledger is only added to, also by the owner', async () => {
    await erase([entry(randomUUID())]);
    const before = await ledger();
    expect(await errorOf(engine().sql('UPDATE imaging.ledger SET blobs = 99'))).toBeDefined();
    expect(await errorOf(engine().sql('DELETE FROM imaging.ledger'))).toBeDefined();
    expect(await ledger()).toEqual(before);
  });

  test('daily figures stay when images are erased', async () => {
    const day = new Date('2026-02-02T12:00:00.000Z');
    const due = { uploaded_at: day, delete_at: new Date(day.getTime() + week) };
    const [one, two] = [randomUUID(), randomUUID()];
    await save(one, due);
    await save(two, due);
    await process(one, [variant(one, 'web')]);
    const figures = () =>
      db().query('analytics', 'images', { where: [{ column: 'day', operator: '=', value: '2026-02-02' }] });
    const before = await figures();
    expect(before).toEqual([
      { day: '2026-02-02', source: 'http', images: 2, processed: 1, rejected: 0, failed: 0, bytes: 2468 },
    ]);
    await erase([entry(one), entry(two)]);
    expect(await figures()).toEqual(before);
  });

  test('a dead letter is recorded once, replayed with who and why, and forgotten when it expired', async () => {
    const id = randomUUID();
    await fail(id);
    const letter = {
      ...{
        partition: '0',
        sequence_number: 41,
        origin_hub: 'image-stream',
        origin_partition: '1',
        origin_offset: '77',
      },
      ...{
        stage: 'processing',
        code: 'internal',
        message: 'boom',
        attempts: 5,
        image_id: id,
        payload_bytes: 10,
      },
      ...{ claim_check: 'dl/41', dead_at: at, expires_at: new Date('2026-01-11T00:00:00.000Z') },
    };
    const record = () => db().execute('operations', 'record_dead_letter', letter, as('service:stream'));
    expect([outcome(await record()), outcome(await record())]).toEqual(['created', 'exists']);
    const replay = { partition: '0', sequence_number: 41, reason: 'fixed', outcome: 'applied', at };
    await db().execute('operations', 'record_replay', replay, as('eve'));
    expect(
      await codeOf(
        db().execute('operations', 'record_replay', { ...replay, sequence_number: 42 }, as('eve')),
      ),
    ).toBe('not-found');
    expect(
      await codeOf(db().execute('operations', 'record_replay', { ...replay, reason: ' ' }, as('eve'))),
    ).toBe('invalid-value');
    const [seen] = await db().query('operations', 'dead_letters');
    expect(seen).toMatchObject({ ...letter, replays: 1, last_outcome: 'applied' });
    expect(await events(id)).toEqual(['received', 'failed', 'replayed']);
    const [replayed] = await db().query('operations', 'replays');
    expect(replayed).toMatchObject({ actor: 'eve', reason: 'fixed' });

    const forget = (moment: string) =>
      db().execute('storage_writer', 'forget_expired_dead_letters', { at: new Date(moment) }, writer);
    expect(await forget('2026-01-12T00:00:00.000Z')).toEqual([{ forgotten: 0 }]);
    await db().execute('storage_writer', 'forget_dead_letter_payloads', { claim_checks: ['dl/41'] }, writer);
    expect(await db().query('storage_writer', 'dead_letter_payloads')).toEqual([]);
    expect(await forget('2026-01-10T00:00:00.000Z')).toEqual([{ forgotten: 0 }]);
    expect(await forget('2026-01-12T00:00:00.000Z')).toEqual([{ forgotten: 1 }]);
  });
});
