import type { Command } from 'commander';

export interface PersonOptions {
  readonly uploader?: string;
  readonly member?: string;
  readonly reason: string;
}

export const withPerson = (command: Command): Command =>
  command
    .option('--uploader <id>', 'the id that images are kept under: a principal, or the key of Kafka records')
    .option('--member <id>', 'a membership id, as M000000042')
    .requiredOption('--reason <text>', 'why, kept with who; without the person’s name');

/** Whom the options name, as the API takes it. */
export function personOf({ uploader, member, reason }: PersonOptions) {
  if ((uploader === undefined) === (member === undefined)) {
    throw new Error('Name one person: --uploader ID or --member ID.');
  }
  return member === undefined
    ? { kind: 'uploader' as const, id: uploader!, reason }
    : { kind: 'member' as const, id: member, reason };
}
