/** What became of one check; `detail` says what was looked at, or each fault on a line of its own. */
export interface CheckResult {
  name: string;
  status: 'passed' | 'failed' | 'skipped';
  detail: string;
}

export const skipped = (name: string, detail: string): CheckResult => ({ name, status: 'skipped', detail });

const shown = 12;

/** Passed with 0 faults; with some, failed and the first of them named. */
export const resultOf = (name: string, detail: string, faults: readonly string[]): CheckResult =>
  faults.length === 0
    ? { name, status: 'passed', detail: `0 faults in ${detail}` }
    : {
        name,
        status: 'failed',
        detail: [`${faults.length} faults in ${detail}`, ...listed(faults)].join('\n'),
      };

const listed = (faults: readonly string[]): readonly string[] =>
  faults.length <= shown ? faults : [...faults.slice(0, shown), `… and ${faults.length - shown} more`];
