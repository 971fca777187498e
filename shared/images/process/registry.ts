import { z } from 'zod';
import { loadProcessorFiles } from './processor-files.ts';
import type { Processor } from './ports.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and hyphens');
const variantName = name.refine((value) => value !== 'raw', '`raw` is the original');
const side = z.number().int().positive();

const shape = z.object({
  name,
  version: z.string().min(1).max(32),
  variants: z.array(variantName),
  needs: z.union([
    z.literal('full size'),
    z.object({ width: side, height: side, fit: z.enum(['inside', 'cover']) }),
  ]),
  animated: z.boolean().optional(),
  process: z.custom<Processor['process']>((value) => typeof value === 'function', 'must be a function'),
});

type Modules = Readonly<Record<string, unknown>>;

/**
 * Every processor there is: the default exports of the files in processors/. Throws, naming the file, on one that is none.
 * With a module of candidates (candidate-files.ts, by its address), these in place of the released ones of their names.
 */
export async function loadProcessors(candidates?: string): Promise<Processor[]> {
  const released = asProcessors(await loadProcessorFiles());
  return candidates === undefined ? released : withCandidates(released, await loadCandidates(candidates));
}

/** Those of a module of candidates. */
export async function loadCandidates(candidates: string): Promise<Processor[]> {
  const { loadCandidateFiles } = (await import(candidates)) as {
    loadCandidateFiles: () => Promise<Modules>;
  };
  return asProcessors(await loadCandidateFiles(), 'candidates');
}

/** A candidate takes the place of the released processor of its name. */
function withCandidates(released: readonly Processor[], candidates: readonly Processor[]): Processor[] {
  const replaced = new Set(candidates.map(({ name }) => name));
  return requireOwnNames([...released.filter(({ name }) => !replaced.has(name)), ...candidates]);
}

export const asProcessors = (modules: Modules, folder = 'processors'): Processor[] =>
  requireOwnNames(Object.entries(modules).map(([file, module]) => asProcessor(`${folder}/${file}`, module)));

function requireOwnNames(processors: Processor[]): Processor[] {
  const variants = processors.flatMap((processor) => processor.variants);
  for (const [what, names] of [
    ['processors', processors.map((processor) => processor.name)],
    ['variants', variants],
  ] as const) {
    const twice = names.find((each, index) => names.indexOf(each) !== index);
    if (twice !== undefined) throw new Error(`Two ${what} are called ${twice}.`);
  }
  return processors;
}

function asProcessor(file: string, module: unknown): Processor {
  const exported = (module as { default?: unknown }).default;
  const result = shape.safeParse(exported);
  if (result.success) return exported as Processor;
  const faults = result.error.issues.map(
    (issue) => `${issue.path.join('.') || 'default export'}: ${issue.message}`,
  );
  throw new Error(`shared/images/process/${file} is not a processor:\n  ${faults.join('\n  ')}`);
}
