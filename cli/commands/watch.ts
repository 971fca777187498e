import type { Command } from 'commander';
import { connect } from '../support/connection.ts';
import type { ImageDetail } from '../../client/api-types.ts';
import { waitForImage } from '../../client/wait-for-image.ts';
import { formatBytes, printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';

function show(image: ImageDetail): void {
  console.log(`${image.id}  ${image.status}  by ${image.source}, erased at ${image.deleteAt}`);
  if (image.failure) console.log(`${image.failure.code}: ${image.failure.message}`);
  printTable(
    ['at', 'event', 'detail'],
    image.timeline.map(({ at, event, detail }) => [at, event, detail]),
  );
  if (image.variants.length > 0) {
    printTable(
      ['variant', 'type', 'size', 'bytes'],
      image.variants.map((one) => [
        one.name,
        one.contentType,
        `${one.width}×${one.height}`,
        formatBytes(one.bytes),
      ]),
    );
  }
}

async function watch(id: string, { timeout, json }: { timeout: string; json?: boolean }): Promise<void> {
  const image = await waitForImage(connect(), id, {
    timeoutMs: Number(timeout) * 1000,
    ...(json !== true && { onChange: ({ status }) => console.error(status) }),
  });
  if (!image) throw new Error(`There is no image ${id} yet.`);
  if (json === true) printJson(image);
  else show(image);
  process.exitCode = image.status === 'processed' ? 0 : 1;
}

export const addWatch = (program: Command): Command =>
  program
    .command('watch')
    .description('follow one image to its end; exit code 0 when it was processed')
    .argument('<id>')
    .option('--timeout <seconds>', 'how long to wait', '60')
    .option('--json', 'print JSON')
    .action(watch);
