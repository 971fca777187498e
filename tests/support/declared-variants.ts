import { memo } from '../../shared/memo.ts';
import { loadProcessors } from '../../shared/processing/registry.ts';

/** Names of all variants that the company's processors make of an image, whichever processors there are. */
export const declaredVariants = memo(async (): Promise<readonly string[]> =>
  (await loadProcessors()).flatMap(({ variants }) => variants).sort(),
);
