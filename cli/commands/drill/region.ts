import { Option, type Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { drillRegionLoss } from '../../../infra/local/region-loss/drill.ts';
import { situations, type RegionLossReport } from '../../../infra/local/region-loss/runbook.ts';
import { printJson } from '../../support/output.ts';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

function print(report: RegionLossReport): void {
  const { database, storage, hubs, lake, ledger, recoveryMs } = report;
  printTable(
    ['step of docs/disaster-recovery.md', 'took', 'what it did'],
    report.steps.map(({ step, what, milliseconds }) => [step, seconds(milliseconds), what]),
  );
  console.log('');
  printTable(
    ['store', 'as it was at the last copy', 'lost with the region', 'worked again after'],
    [
      [
        'database',
        `${database.same} of ${database.tables} tables`,
        `${database.rowsLost} rows`,
        seconds(recoveryMs.database),
      ],
      [
        'images',
        `${storage.same} of ${storage.blobs} blobs`,
        `${storage.notCopied} blobs`,
        seconds(recoveryMs.api),
      ],
      ['lake', `${lake.same} of ${lake.blobs} files`, '0 files', seconds(recoveryMs.api)],
      [
        'ledger',
        `${ledger.same} of ${ledger.blobs} files`,
        `${ledger.notCopied} files`,
        seconds(recoveryMs.api),
      ],
      ['hubs', 'not copied', `${hubs.recordsLost} records`, seconds(recoveryMs.api)],
    ],
  );
  console.log('');
  printTable(
    ['image, when the region was lost', 'images', 'whole after the sweep', 'whole at the end'],
    report.images.map(({ situation, images, wholeAfterSweep, wholeAtEnd, cameBack }) => [
      situations[situation],
      images,
      cameBack === undefined ? wholeAfterSweep : `${cameBack} came back`,
      cameBack === undefined ? wholeAtEnd : 'erased again',
    ]),
  );
  console.log(
    report.lost === 0
      ? `\nNothing that was acknowledged is lost; all of it was there ${seconds(recoveryMs.images)} after the loss.`
      : `\n${report.lost} acknowledged images are LOST.`,
  );
}

async function region({ images, json }: { images: number; json?: boolean }): Promise<void> {
  const report = await drillRegionLoss({
    images,
    ...(json !== true && { onStep: (step: string) => console.error(step) }),
  });
  if (json === true) printJson(report);
  else print(report);
  process.exitCode = report.lost === 0 ? 0 : 1;
}

export const addDrillRegion = (drill: Command): Command =>
  drill
    .command('region')
    .description('lose a region of a stack of its own, fail over as the runbook says, and prove what is left')
    .addOption(
      new Option('--images <count>', 'images in each state that a loss can find them in')
        .argParser(Number)
        .default(3),
    )
    .option('--json', 'print JSON')
    .action(region);
