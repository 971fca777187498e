import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { Command } from 'commander';
import { ApiError } from '../../../client/api-error.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';
import { personOf, withPerson, type PersonOptions } from '../../support/person.ts';

interface Options extends PersonOptions {
  readonly to: string;
  readonly json?: boolean;
}

const writeJson = (file: string, value: unknown): void => writeFileSync(file, JSON.stringify(value, null, 2));

/** What was never checked or never stored has no bytes to give: its facts say so. */
async function download(id: string, variant: string, file: string): Promise<void> {
  try {
    const path = { id, variant };
    const body = await ask((api) =>
      api.GET('/images/{id}/{variant}', { params: { path }, parseAs: 'stream' }),
    );
    await pipeline(Readable.fromWeb(body as unknown as WebStream), createWriteStream(file));
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 409)) throw error;
  }
}

/** Facts, original and variants of an image, in a folder of its own. */
async function exportImage(id: string, folder: string): Promise<void> {
  const image = await ask((api) => api.GET('/images/{id}', { params: { path: { id } } }));
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, 'image.json'), image);
  for (const variant of ['raw', ...image.variants.map(({ name }) => name)]) {
    await download(id, variant, join(folder, variant));
  }
}

async function exportPerson(options: Options): Promise<void> {
  const { to, json } = options;
  const answer = await ask((api) => api.POST('/operations/people/export', { body: personOf(options) }));
  mkdirSync(to, { recursive: true });
  writeJson(join(to, 'person.json'), answer.uploader ?? answer.member);
  const images = answer.uploader?.images ?? [];
  for (const id of images) await exportImage(id, join(to, 'images', id));
  const facts = { sequence: answer.sequence, folder: to, images: images.length };
  if (json === true) printJson(facts);
  else
    console.log(`Written to ${to}: person.json and ${images.length} images. Audit entry ${answer.sequence}.`);
}

export const addPersonExport = (person: Command): Command =>
  withPerson(person.command('export'))
    .description('everything that is kept of one person, as files')
    .requiredOption('--to <folder>', 'where to write it')
    .option('--json', 'print JSON')
    .action(exportPerson);
