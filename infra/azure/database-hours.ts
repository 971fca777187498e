/** From the first to the last timer that asks the database once a day (purge at 3:00, reconciliation at 3:04). Minutes. */
export const dailyQuestionMinutes = 5;

/**
 * After a change on an idle stage: timers ask for a quarter of an hour, sweep and reconciliation once more in the hour after
 * it, and each time the database stays awake for 15 minutes more. Minutes, which a test holds.
 */
export const changeMinutes = 80;

const daysAMonth = 30.4;

/** Hours a month that an idle database is awake: once a day for the question, and until it pauses. */
export const idleHours = (pauseMinutes: number): number =>
  ((dailyQuestionMinutes + pauseMinutes) / 60) * daysAMonth;
