import { grantRules } from './grant-rules.ts';
import { indexRules } from './index-rules.ts';
import { loginRules } from './login-rules.ts';
import { objectRules } from './object-rules.ts';
import type { Found, Rule } from './rule.ts';
import type { Snapshot } from './snapshot.ts';

export interface Finding extends Found {
  readonly rule: string;
  readonly level: Rule['level'];
}

/** One list for both engines; what an engine does not have, its snapshot does not say. */
export const rules: readonly Rule[] = [...grantRules, ...loginRules, ...objectRules, ...indexRules];

export const lint = (snapshot: Snapshot): readonly Finding[] =>
  rules.flatMap(({ name, level, find }) => find(snapshot).map((found) => ({ rule: name, level, ...found })));

/** A finding that must not stay. A hint may. */
export const isFault = ({ level }: Finding): boolean => level !== 'hint';
