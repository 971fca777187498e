import { memo } from '../../shared/platform/memo.ts';
import { loadProcessors } from '../../shared/images/process/registry.ts';

/** Names of all variants that the company's processors make of an image, whichever processors there are. */
export const declaredVariants = memo(async (): Promise<readonly string[]> =>
  (await loadProcessors()).flatMap(({ variants }) => variants).sort(),
);
