import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { personas } from '../../infra/local/identity/personas.ts';
import { connect } from '../support/connection.ts';
import { mediaTypeOf } from '../../shared/platform/media-types.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';
import { showProgress } from '../support/progress.ts';
import { forms, recordsFor, type Form } from '../../client/image-records.ts';

interface Options {
  readonly form: Form;
  readonly owner: string;
  readonly id?: string;
  readonly json?: boolean;
}

async function produce(files: readonly string[], { form, owner, id, json }: Options): Promise<void> {
  const { openImageProducer } = await import('../../client/image-producer.ts');
  const producer = openImageProducer(connect().kafka());
  const progress = showProgress(files.length, 'Producing', json === true);
  const sent: { file: string; id: string | null; records: number }[] = [];
  try {
    for (const file of files) {
      const bytes = await readFile(file);
      const { imageId, records } = recordsFor(form, {
        owner: personas[owner]?.oid ?? owner,
        contentType: mediaTypeOf(file),
        bytes,
        eventId: id,
      });
      await producer.send(records);
      sent.push({ file, id: imageId ?? null, records: records.length });
      progress.step(basename(file));
    }
  } finally {
    progress.end();
    await producer.close();
  }
  if (json === true) printJson({ form, images: sent });
  else
    printTable(
      ['file', 'id', 'records'],
      sent.map((one) => [basename(one.file), one.id ?? '(the pipeline names it)', one.records]),
    );
}

export const addProduce = (program: Command): Command =>
  program
    .command('produce')
    .description('send images through the Kafka endpoint, as another application does')
    .argument('<files...>')
    .addOption(new Option('--form <form>', 'how a record carries the image').choices(forms).default('binary'))
    .option('--owner <id>', 'user id (or local persona) that becomes the record key', 'uploader')
    .option('--id <id>', 'event id (or chunk set id): the same again is the same image')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
binary      CloudEvent: image bytes as value, attributes as headers
structured  CloudEvent: one JSON document with data_base64
bare        image bytes, nothing else
chunked     several records, for images over 1 MB

Example:
  npx darkroom produce --form chunked large.jpg`,
    )
    .action(produce);
