import type { Pipeline } from '../pipeline.ts';

const rows = 200;

/**
 * How much of a picture was there, for a person to know: decoders fill the rows that are missing with one colour, so those
 * at the lower end that have one are taken for missing.
 */
export async function readableShare(pipeline: Pipeline): Promise<number> {
  const { data, info } = await pipeline
    .resize(rows, rows, { fit: 'fill', kernel: 'nearest' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const rowBytes = rows * info.channels;
  const last = data.subarray((rows - 1) * rowBytes);
  const isFilled = (row: number) => data.subarray(row * rowBytes, (row + 1) * rowBytes).equals(last);
  const isFlat = last.subarray(info.channels).equals(last.subarray(0, -info.channels));
  let readable = rows;
  while (isFlat && readable > 0 && isFilled(readable - 1)) readable--;
  return readable / rows;
}
