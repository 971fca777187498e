/** Which kept files a person paused, and how many bytes of each were sent: a reload does not set them going again. */

const keyOf = (personId: string, key: string): string => `darkroom.paused.${personId}.${key}`;

export function rememberPaused(personId: string, key: string, sent: number): void {
  localStorage.setItem(keyOf(personId, key), String(sent));
}

export const forgetPaused = (personId: string, key: string): void =>
  localStorage.removeItem(keyOf(personId, key));

/** Undefined when it is not paused. */
export function pausedAt(personId: string, key: string): number | undefined {
  const kept = localStorage.getItem(keyOf(personId, key));
  return kept === null ? undefined : Number(kept);
}
