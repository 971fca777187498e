/** Exact sums of the API's decimals, which come as text so that no digit is lost. */

const split = (value: string): readonly [bigint, number] => {
  const [whole = '0', fraction = ''] = value.split('.');
  return [BigInt(whole + fraction), fraction.length];
};

/** The sum, with as many places as the most exact of them. */
export function sumDecimals(values: readonly string[]): string {
  const parts = values.map(split);
  const places = Math.max(0, ...parts.map(([, count]) => count));
  const total = parts.reduce((sum, [digits, count]) => sum + digits * 10n ** BigInt(places - count), 0n);
  if (places === 0) return String(total);
  const sign = total < 0n ? '-' : '';
  const text = String(total < 0n ? -total : total).padStart(places + 1, '0');
  return `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}
