/** Exact decimals travel as strings; these work on their digits, never on floats. */

/** The sum of decimals that all have this many places or fewer. */
export function sumDecimals(values: readonly string[], places: number): string {
  const sum = values.reduce((total, value) => total + scaled(value, places), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = places === 0 ? '' : `.${digits.slice(digits.length - places)}`;
  return `${sum < 0n ? '-' : ''}${whole}${fraction}`;
}

function scaled(value: string, places: number): bigint {
  const [whole = '0', fraction = ''] = value.replace(/^-/, '').split('.');
  if (fraction.length > places) throw new RangeError(`${value} has more than ${places} places.`);
  const magnitude = BigInt(whole + fraction.padEnd(places, '0'));
  return value.startsWith('-') ? -magnitude : magnitude;
}

/** Places of money and of weight (kilograms), as the database keeps them. */
export const moneyPlaces = 4;
export const weightPlaces = 3;
