import { DarkroomError } from '../../platform/errors.ts';
import type { Fact, Variant } from '../store/ports.ts';
import type { ImageFile } from './file/image-file.ts';
import type { Engine, OpenImage, Picture, Size } from './engine/port.ts';
import type {
  Derivative,
  Frame,
  ImageHeader,
  ProcessedImage,
  Processor,
  ProcessorResult,
  ProcessingTimes,
} from './ports.ts';
import { sizeFor } from './sizes.ts';

interface Step {
  readonly processor: Processor;
  readonly size: Size;
}

interface RunOptions {
  /** Sees the header with the decoder's own size, whose word counts from then on, before anything is decoded. */
  readonly check?: (header: ImageHeader) => void;
  /** One processor after the other, with the time of each. */
  readonly isMeasured?: boolean;
}

const since = (began: number): number => Math.round((performance.now() - began) * 10) / 10;

const decoder = { processor: 'decoder', processorVersion: '1' };

function open(engine: Engine, file: ImageFile, header: ImageHeader): Promise<OpenImage> {
  if (engine.decodes.includes(header.contentType)) return engine.open(file, header);
  throw new DarkroomError(
    'unsupported-type',
    `${header.contentType} cannot be decoded on this platform; it takes ${engine.decodes.join(', ')}.`,
  );
}

/**
 * Runs every processor over one image: it is decoded once, at the largest size that one of them needs, and each
 * smaller picture is scaled from the next larger one.
 */
export async function runProcessors(
  engine: Engine,
  processors: readonly Processor[],
  file: ImageFile,
  told: ImageHeader,
  { check, isMeasured = false }: RunOptions = {},
): Promise<ProcessedImage> {
  const began = performance.now();
  const image = await open(engine, file, told);
  const { width, height, frames } = image;
  const header: ImageHeader = { ...told, width, height, frames };
  check?.({ ...header, ...image.embedded, width, height, frames });
  const steps = processors
    .map((processor) => ({ processor, size: sizeFor(processor.needs, header) }))
    .sort((a, b) => b.size.width * b.size.height - a.size.width * a.size.height);
  const { pictures, isPartial } = await scaleDown(engine, steps, image);
  const times = {
    decoding: since(began),
    processors: {} as Record<string, number>,
  } satisfies ProcessingTimes;
  const outputs: Promise<{ variants: Variant[]; facts: Fact[] }>[] = [];
  for (const [index, { processor, size }] of steps.entries()) {
    const processorBegan = performance.now();
    const frames = await framesFor(engine, processor, pictures[index]!, { image, size });
    const result = await process(processor, frames, header);
    // The next processor works while this one's variants are encoded.
    const output = describe(engine, processor, result);
    output.catch(() => undefined);
    outputs.push(output);
    if (!isMeasured) continue;
    await output;
    times.processors[processor.name] = since(processorBegan);
  }
  const done = await Promise.all(outputs);
  const own: Fact[] = [
    ...(header.frames > 1 ? [{ name: 'frames', value: header.frames, ...decoder }] : []),
    ...(isPartial ? [{ name: 'partial', value: true, ...decoder }] : []),
  ];
  return {
    header,
    variants: done.flatMap(({ variants }) => variants),
    facts: [...done.flatMap(({ facts }) => facts), ...own],
    ...(isMeasured && { times }),
  };
}

async function scaleDown(
  engine: Engine,
  steps: readonly Step[],
  image: OpenImage,
): Promise<{ pictures: Picture[]; isPartial: boolean }> {
  const pictures: Picture[] = [];
  let isPartial = false;
  for (const { size } of steps) {
    const last = pictures.at(-1);
    if (!last) {
      const decoded = await image.decode(size);
      pictures.push(decoded.picture);
      isPartial = decoded.isPartial;
    } else if (last.width === size.width && last.height === size.height) {
      // A processor may change the pixels it is given, so each has its own.
      pictures.push({ ...last, data: Buffer.from(last.data) });
    } else pictures.push(await engine.scale(last, size));
  }
  return { pictures, isPartial };
}

async function framesFor(
  engine: Engine,
  processor: Processor,
  picture: Picture,
  { image, size }: { image: OpenImage; size: Size },
): Promise<Frame[]> {
  if (!processor.animated || image.frames === 1) return [{ image: engine.toImage(picture), delayMs: 0 }];
  const frames = await image.decodeFrames(size);
  return frames.map(({ picture: each, delayMs }) => ({ image: engine.toImage(each), delayMs }));
}

async function process(
  processor: Processor,
  frames: readonly Frame[],
  header: ImageHeader,
): Promise<ProcessorResult> {
  try {
    return await processor.process(frames[0]!.image, { header, frames });
  } catch (error) {
    throw processorFailure(processor, error);
  }
}

const processorFailure = ({ name, version }: Processor, error: unknown): DarkroomError =>
  new DarkroomError(
    'processor-failed',
    `The processor ${name} ${version} failed: ${error instanceof Error ? error.message : String(error)}`,
    { cause: error, details: { processor: name, version } },
  );

async function describe(
  engine: Engine,
  processor: Processor,
  result: ProcessorResult,
): Promise<{ variants: Variant[]; facts: Fact[] }> {
  const origin = { processor: processor.name, processorVersion: processor.version };
  const facts = Object.entries(result.facts ?? {}).map(([name, value]) => ({ name, value, ...origin }));
  const derivatives = result.variants ?? [];
  const unknown = derivatives.find(({ name }) => !processor.variants.includes(name));
  if (unknown) {
    throw processorFailure(processor, new Error(`it made ${unknown.name}, which its variants do not list`));
  }
  const encode = async (derivative: Derivative): Promise<Variant> => ({
    name: derivative.name,
    ...(await encoded(engine, derivative)),
    ...origin,
  });
  try {
    return { facts, variants: await Promise.all(derivatives.map(encode)) };
  } catch (error) {
    throw error instanceof DarkroomError ? error : processorFailure(processor, error);
  }
}

function encoded(engine: Engine, derivative: Derivative) {
  if ('bytes' in derivative) {
    const { bytes, contentType, width, height } = derivative;
    return Promise.resolve({ bytes, contentType, width, height });
  }
  return 'frames' in derivative
    ? engine.encodeFrames(derivative.frames, derivative)
    : engine.encode(derivative.image, derivative);
}
