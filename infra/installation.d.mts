export const root: string;
export function packagesFault(directory?: string): string | undefined;
export function nodeFault(directory?: string): string | undefined;
export function markInstalled(directory?: string): void;
