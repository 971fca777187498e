/** Every file says how many rows it has, so that nobody has to open it for that. */
export const metadataOf = (rows: number): Record<string, string> => ({ rows: String(rows) });

export const rowsOf = (metadata: Record<string, string> | undefined): number =>
  Number(metadata?.['rows'] ?? 0);
