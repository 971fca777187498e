/** One statement about the running system, and whether it held. */
export interface Claim {
  readonly claim: string;
  readonly holds: boolean;
  /** What was counted or compared. */
  readonly detail: string;
}

export interface Proof {
  readonly about: string;
  /** Runs the system and tells each claim as it is decided; `isShort` for a run of a minute or two. */
  claims(options: { readonly isShort: boolean }): AsyncIterable<Claim>;
}

/** A claim that two things are equal; where they are not, the detail shows both. */
export function equal(claim: string, actual: unknown, expected: unknown): Claim {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  const holds = found === wanted;
  return { claim, holds, detail: holds ? found : `${found}, not ${wanted}` };
}
