import type { ActivityStore } from '../../shared/platform/activity/activity.ts';

/** A store of marks and answers whose time a test moves; while it is `away` it answers nothing. */
export function memoryActivity(now: () => number) {
  const answers = new Map<string, string>();
  let mark: { version: number; at: number } | undefined;
  const store = {
    isAway: false,
    answers,
    /** How often a mark was left. */
    marks: 0,
    loseMark: () => (mark = undefined),
  };
  const here = (): void => {
    if (store.isAway) throw new Error('The store is away.');
  };
  const port: ActivityStore = {
    async leaveMark() {
      await Promise.resolve();
      here();
      store.marks += 1;
      mark = { version: store.marks, at: now() };
    },
    async readMark() {
      await Promise.resolve();
      here();
      return mark && { version: String(mark.version), ageMs: now() - mark.at };
    },
    async readAnswer(name) {
      await Promise.resolve();
      here();
      const text = answers.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    async writeAnswer(name, answer) {
      await Promise.resolve();
      here();
      answers.set(name, JSON.stringify(answer));
    },
  };
  return { ...port, store };
}
