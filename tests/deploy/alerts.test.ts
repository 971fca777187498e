import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { alerts, enqueuedPattern, ownAddress } from '../../infra/azure/template/alerts.ts';
import { errorCodePath, workbook } from '../../infra/azure/template/workbook.ts';
import { queryFaults } from '../../infra/check-azure/kusto.ts';
import { queries } from '../../infra/check-azure/queries.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { makeLog } from '../../shared/platform/log.ts';

const { functions } = load(readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8')) as {
  functions: Record<string, { app: string; events: readonly { http?: { route: string } }[] }>;
};
const appOf = (name: string): string => functions[name]!.app;

const queryOf = (name: string): string => queries().find((one) => one.name === name)?.text ?? '';

describe('queries', () => {
  test.each(queries().map(({ name, text }) => [name, text] as const))(
    '%s is one that Log Analytics takes',
    (_, text) => expect(queryFaults(text)).toEqual([]),
  );

  test('of every alert over logs and of every tile are among them', () => {
    const names = queries().map(({ name }) => name);
    for (const { kind, name } of alerts) if (kind === 'logs') expect(names).toContain(`alert ${name}`);
    for (const { type, name } of workbook.items) if (type === 3) expect(names).toContain(`tile "${name}"`);
  });

  test('that Kusto refuses are found: broken text, a column and a function that are not there', () => {
    expect(queryFaults('AppTraces | where Message == @"a\\"b"')).not.toEqual([]);
    expect(queryFaults('AppTraces | where NoSuchColumn == 1')).toHaveLength(1);
    expect(queryFaults('AppTraces | where isbroken(Message)')).toHaveLength(1);
  });
});

describe('the alert stream-lag', () => {
  /** What the query picks out of a line, by the same pattern: RE2 and JavaScript read it alike. */
  const oldest = (line: string): string | undefined => new RegExp(enqueuedPattern).exec(line)?.[1];

  // The first is from a public log of the host, which spells PartionId so; one event prints a range as well.
  test.each([
    [
      'Trigger Details: PartionId: 0, Offset: 672-912, EnqueueTimeUtc: 2023-12-20T07:06:32.4490000+00:00-2023-12-20T07:10:00.7950000+00:00, SequenceNumber: 3-4, Count: 2',
      '2023-12-20T07:06:32.4490000+00:00',
    ],
    [
      'Trigger Details: PartionId: 11, Offset: 5-5, EnqueueTimeUtc: 2024-03-01T00:00:00.0000000+00:00-2024-03-01T00:00:00.0000000+00:00, SequenceNumber: 9-9, Count: 1',
      '2024-03-01T00:00:00.0000000+00:00',
    ],
    [
      'Trigger Details: PartionId: 2, Offset: 0, EnqueueTimeUtc: 2021-06-14T12:46:16.9170000Z, SequenceNumber: 0, Count: 1',
      '2021-06-14T12:46:16.9170000Z',
    ],
  ])('reads the oldest enqueued time of %j', (line, enqueued) => {
    expect(oldest(line)).toBe(enqueued);
    expect(Number.isNaN(Date.parse(enqueued))).toBe(false);
  });

  test('says nothing about lines without a time', () => {
    expect(oldest('Trigger Details: MessageId: 1, DequeueCount: 1')).toBeUndefined();
    expect(oldest("Executing 'Functions.streamImages' (Reason='(null)', Id=1)")).toBeUndefined();
  });

  test('reads what sampling keeps: the host drops no traces', () => {
    expect(queryOf('alert stream-lag')).toMatch(/\nAppTraces\n/);
    const { logging } = JSON.parse(readFileSync(new URL('../../host.json', import.meta.url), 'utf8')) as {
      logging: { applicationInsights: { samplingSettings: { excludedTypes: string } } };
    };
    expect(logging.applicationInsights.samplingSettings.excludedTypes.split(';')).toContain('Trace');
  });
});

/** Functions of ours whose requests an alert counts, by either name that the host writes; the names are compared whole. */
function functionsOf(alert: string): string[] {
  const [, list = ''] = /OperationName in \(([^)]*)\)/.exec(queryOf(`alert ${alert}`)) ?? [];
  const counted = new Set(Array.from(list.matchAll(/"([^"]*)"/g), ([, name]) => name!));
  return Object.keys(functions).filter((name) => counted.has(name) && counted.has(`Functions.${name}`));
}

describe('the alert blocked-at-edge', () => {
  const isOurs = (address: string): boolean => new RegExp(ownAddress.replace('(?i)', ''), 'i').test(address);
  // As the firewall's log has them: with scheme, name and port, or the path alone.
  const hosts = ['https://console.example.com:443', ''];

  test('counts addresses of each route and each page', () => {
    const routes = Object.values(functions).flatMap(({ events }) =>
      events.flatMap(({ http }) => http?.route ?? []),
    );
    expect(routes.length).toBeGreaterThan(40);
    for (const route of routes.filter((one) => !one.startsWith('{'))) {
      for (const host of hosts) expect([route, isOurs(`${host}/api/${route}?a=b`)]).toEqual([route, true]);
    }
    for (const path of [
      '/images',
      '/logistics',
      '/sales',
      '/analytics',
      '/operations',
      '/signed-in',
      '/assets/main.js',
    ])
      expect([path, isOurs(`https://console.example.com:443${path}`)]).toEqual([path, true]);
  });

  test.each(['/wp-admin/setup-config.php', '/.env', '/api/v1/pods', '/cgi-bin/luci', '/x/api/images'])(
    'is quiet about what strangers guess at: %s',
    (path) => {
      for (const host of hosts) expect(isOurs(`${host}${path}`)).toBe(false);
    },
  );

  test('counts blocks, not what only added to a score', () => {
    expect(queryOf('alert blocked-at-edge')).toContain('column_ifexists("action_s", "") == "Block"');
  });
});

describe('alerts on lines of ours', () => {
  /** Kusto's `has` finds a run of letters and digits with what stands between them, whole. */
  const found = (query: string, event: string): boolean => {
    let written = '';
    makeLog((_level, line) => (written = line)).info(event, { hub: 'image-stream' });
    const needles = [...queryOf(query).matchAll(/has '([^']+)'/g)].map(([, needle]) => needle!);
    return needles.some((needle) => written.includes(needle));
  };

  test('stream-lag leaves out functions that say their reader is paused, until the reminder', () => {
    expect(found('alert stream-lag', 'reader.paused')).toBe(true);
    expect(found('alert stream-lag', 'reader.paused-long')).toBe(false);
    expect(queryOf('alert stream-lag')).toContain('OperationName !in (paused)');
  });

  test('events-lost and hub-made-anew fire for what their lines say, not for each other', () => {
    for (const [alert, event, other] of [
      ['events-lost', 'events.expired', 'hub.made-anew'],
      ['hub-made-anew', 'hub.made-anew', 'events.expired'],
    ] as const) {
      expect([found(`alert ${alert}`, event), found(`alert ${alert}`, other)]).toEqual([true, false]);
    }
  });

  test('pipeline-silent fires when one of the two apps that read hubs says nothing', () => {
    const { operator, threshold } = alerts.find(({ name }) => name === 'pipeline-silent')!;
    expect([operator, threshold]).toEqual(['LessThan', 2]);
    expect(new Set(functionsOf('pipeline-silent').map(appOf))).toEqual(new Set(['pipeline', 'maintenance']));
  });

  test.each([
    ['purge-overdue', ['purge']],
    ['ledger-stopped', ['ledgerCheckpoint']],
  ])('%s fires when no run of %j succeeded, whatever else did', (name, of) => {
    const { operator, threshold } = alerts.find((alert) => alert.name === name)!;
    expect([operator, threshold]).toEqual(['LessThan', 1]);
    expect(functionsOf(name)).toEqual(of);
    expect(queryOf(`alert ${name}`)).toContain('Success == true');
  });

  test('clock-differs fires for its line alone', () => {
    expect(found('alert clock-differs', 'clock.differs')).toBe(true);
    expect(found('alert clock-differs', 'ledger.rebuilt')).toBe(false);
  });

  test('reader-paused fires for what the product paused, and for a reminder', () => {
    for (const event of ['reader.held', 'reader.reminder'])
      expect(found('alert reader-paused', event)).toBe(true);
    expect(found('alert reader-paused', 'reader.paused')).toBe(false);
  });
});

describe('the tile "Errors by code"', () => {
  const lineOf = (error: unknown): unknown => {
    let written = '';
    makeLog((_level, line) => (written = line)).error('image.failed', error);
    return errorCodePath.split('.').reduce<any>((value, key) => value?.[key], JSON.parse(written));
  };

  test('finds the code in a line as the product writes it', () => {
    expect(queryOf('tile "Errors by code"')).toContain(`parse_json(Message).${errorCodePath})`);
    expect(lineOf(new DarkroomError('image-corrupt', 'cannot be decoded'))).toBe('image-corrupt');
    expect(lineOf(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
  });

  test('leaves out what has none', () => {
    expect(lineOf(new Error('no code'))).toBeUndefined();
    expect(queryOf('tile "Errors by code"')).toContain('isnotempty(code)');
  });
});

describe('the alert failed-sign-ins', () => {
  test('counts what API, database and vault refuse, and not a vault that asks a client for its first token', () => {
    const query = queryOf('alert failed-sign-ins');
    expect(query).toContain('ResultCode in ("401", "403")');
    // The name of the audit action DBAF in the audit log (learn.microsoft.com, "SQL Database audit log format").
    expect(query).toContain('== "DATABASE AUTHENTICATION FAILED"');
    expect(query).toContain('"httpStatusCode_d", real(null)) == 403');
  });
});
