import { textOfUnits } from '../platform/limits.ts';

/**
 * What a string of CloudEvents may not hold (1.0, 3.1: control characters, half of a pair, noncharacters), and U+FFFD, which
 * takes the place of bytes that are no UTF-8: with it, two names become one.
 */
const unreadable = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\ufffd]/u;

export const isReadableText = (text: string): boolean => !unreadable.test(text);

/** How a sender names something, in at most so many UTF-16 units. */
export const attributeText = (maxUnits: number) =>
  textOfUnits(maxUnits).min(1).refine(isReadableText, 'It holds what no text has');
