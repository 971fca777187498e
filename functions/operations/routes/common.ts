import { z } from 'zod';
import { deadLetterIdPattern } from '../../../shared/operations/dead-letters.ts';

export const engineering = ['Engineering'] as const;

export const instant = z.iso.datetime();

export const count = z.int().nonnegative();

export const id = z
  .string()
  .regex(deadLetterIdPattern)
  .describe('PARTITION-SEQUENCE in the dead-letter hub')
  .meta({ examples: ['2-1041'] });
