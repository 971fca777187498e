import type { Claim } from '../proof.ts';
import { ruleOf, slackOf, type Count, type Rule } from './rules.ts';
import type { Sizes } from './sizes.ts';
import { sumOf } from './table.ts';

interface Given {
  /** Of the clock, from one step to the next. */
  readonly hours: number;
  readonly walBytes: number;
  readonly components: number;
}

/** How much the pictures, and what a purge finds, differ from step to step. */
const tolerance = 1.05;
/** A document of a blob, of its file and of its blocks, in the index and in its journal. Bytes. */
const documentBytes = 2_000;

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1_024)} KB`;

const besides: Readonly<Record<string, (sizes: Sizes) => number>> = {
  tables: (sizes) => sumOf(sizes, ['table ']),
  blobs: (sizes) => sumOf(sizes, ['blobs ']),
  documents: (sizes) => sizes.get('number of blobs')! * documentBytes,
};

/**
 * What a part may have at the end of the last day. What is retained: what came with a step while nothing had gone yet, as often as there are
 * steps in its retention, and one more, in which it is found and goes.
 */
function allowed(rule: Rule, part: string, all: readonly Sizes[], hours: number): [number, string] {
  const at = (step: number): number => all[step]!.get(part) ?? 0;
  const [final, dayBefore] = [all.at(-1)!, all.at(-2 - 24 / hours)!];
  switch (rule.kind) {
    case 'limit':
      return [rule.bytes, 'a limit'];
    case 'fixed':
      return [at(0) + slackOf(part), 'as at first'];
    case 'beside': {
      const beside = besides[rule.of]!;
      const first = Math.max(0, at(0) - beside(all[0]!));
      return [
        beside(final) + first + rule.bytes,
        `${kilobytes(beside(final))} of ${rule.of}, ${kilobytes(first)} beside them at first`,
      ];
    }
    case 'retained': {
      const steps = Math.ceil(rule.hours / hours);
      const full = Math.max(1, Math.min(steps - 1, 24));
      const rate = (at(full) - at(0)) / full;
      const times = rule.times ?? 1;
      const words = `${times} × ${kilobytes(rate)} a step × ${steps + 1} steps, ${rule.hours} hours`;
      return [at(0) + times * rate * (steps + 1) * tolerance + slackOf(part), words];
    }
    case 'kept': {
      const added = Object.entries(rule.bytesOf).map(([name, bytes]) => {
        const count = final.get(name)! - dayBefore.get(name)!;
        return [bytes * count, `${bytes} B × ${Math.round(count)} ${name as Count}`] as const;
      });
      const sum = added.reduce((total, [bytes]) => total + bytes, 0);
      const words = `a day ago ${kilobytes(dayBefore.get(part) ?? 0)}, ${added.map(([, said]) => said).join(', ')}`;
      return [(dayBefore.get(part) ?? 0) + sum + slackOf(part), words];
    }
  }
}

const isPart = (name: string): boolean =>
  /^(table|hub|blobs|log of|files of|index of|logs|the rest)/.test(name);

/** One claim for each part: the most that it had in the last day is within its bound. */
export function* checkBounds(
  all: readonly Sizes[],
  { hours, walBytes, components }: Given,
): Generator<Claim> {
  const lastDay = all.slice(-1 - 24 / hours);
  for (const part of [...all.at(-1)!.keys()].filter(isPart)) {
    const rule = ruleOf(part, walBytes, components);
    const [bound, words] = allowed(rule, part, all, hours);
    const found = lastDay.map((sizes) => sizes.get(part) ?? 0);
    // What is collected a moment later is compared when nothing comes any more.
    const bytes = rule.kind === 'beside' ? found.at(-1)! : Math.max(...found);
    yield {
      claim: part,
      holds: bytes <= bound,
      detail: `${kilobytes(bytes)} of ${kilobytes(bound)} (${words})`,
    };
  }
}
