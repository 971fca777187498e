import { beforeAll, describe, expect, test } from '@jest/globals';
import { drillRegionLoss } from '../../infra/local/region-loss/drill.ts';
import {
  failoverSteps,
  type RegionLossReport,
  type Situation,
} from '../../infra/local/region-loss/runbook.ts';

let report: RegionLossReport;
beforeAll(async () => {
  report = await drillRegionLoss({ images: 1 });
}, 600_000);

const of = (situation: Situation) => report.images.find((one) => one.situation === situation)!;

describe('a region is lost', () => {
  test('and the runbook is walked through in its order', () => {
    expect(report.steps.map(({ step }) => step)).toEqual(failoverSteps);
  });

  test('and store and lake of the pair are what they were at the last copy', () => {
    expect(report.storage.blobs).toBeGreaterThan(10);
    expect(report.storage.same).toBe(report.storage.blobs);
    expect(report.lake.blobs).toBeGreaterThan(0);
    expect(report.lake.same).toBe(report.lake.blobs);
  });

  test('and the log of erasures, copied less far than the database knows it, is made again and is the one that it was', () => {
    expect(report.ledger.same).toBe(report.ledger.blobs);
    expect(report.ledger.notCopied).toBeGreaterThan(0);
    const look = report.steps.find(({ step }) => step === 'Look')!;
    expect(look.what).toMatch(
      /entries are those of its checkpoint\. The log of \d+ entries begins with the \d+ of/,
    );
  });

  test('with something in it that nothing had copied: rows, blobs and records', () => {
    expect(report.database.rowsLost).toBeGreaterThan(0);
    expect(report.storage.notCopied).toBeGreaterThan(0);
    expect(report.hubs.recordsLost).toBeGreaterThan(0);
  });

  test.each<[Situation, number]>([
    ['copied', 2],
    ['bytesOnly', 1],
    ['rowOnly', 0],
    ['neither', 0],
    ['hubOnly', 0],
  ])('and after the sweep, before anybody sends again, of %s %i are whole', (situation, count) => {
    expect(of(situation).wholeAfterSweep).toBe(count);
  });

  test('and what was erased in its last second comes back and is erased again', () => {
    expect(of('erased')).toMatchObject({ images: 1, cameBack: 1, wholeAtEnd: 0 });
  });

  test('and nothing that was acknowledged is lost', () => {
    for (const { situation, images, wholeAtEnd } of report.images)
      if (situation !== 'erased')
        expect({ situation, wholeAtEnd }).toEqual({ situation, wholeAtEnd: images });
    expect(report.lost).toBe(0);
  });
});
