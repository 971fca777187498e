import { describe, expect, jest, test } from '@jest/globals';
import { editableDecimal, readDecimal } from '../../../../shared/orders/read-decimal.ts';

const read = (locale: string, text: string, places = 4) => readDecimal(text, places, locale);

describe('a number that somebody types', () => {
  test.each([
    ['de-DE', '1250', '1250'],
    ['de-DE', '12,5', '12.5'],
    ['de-DE', '1.250,00', '1250'],
    ['de-DE', '1.250.000', '1250000'],
    ['de-DE', '1,250', '1.25'],
    ['de-DE', '0.250', '0.25'],
    ['de-DE', '12.5', '12.5'],
    ['de-DE', '1,250.50', '1250.5'],
    ['de-DE', ' 12,50 € ', '12.5'],
    ['de-DE', ',5', '0.5'],
    ['de-DE', '12,', '12'],
    ['de-CH', '1’250.50', '1250.5'],
    ['de-CH', "1'250", '1250'],
    ['en-US', '1.250', '1.25'],
    ['en-US', '1,250.5', '1250.5'],
    ['en-US', '1,250,000', '1250000'],
    ['en-US', '$ 12.50', '12.5'],
    ['en-US', '0.250 kg', '0.25'],
    ['en-US', '007', '7'],
    ['en-IN', '12,34,567.89', '1234567.89'],
    ['fr-FR', '1 250,5', '1250.5'],
    ['fr-FR', '1\u202f250', '1250'],
    ['sv-SE', '1\u00a0250,25', '1250.25'],
    ['ar-EG', '١٬٢٥٠٫٥', '1250.5'],
    ['fa-IR', '۱۲٫۵', '12.5'],
  ])('in %s %p is %s', (locale, text, value) => {
    expect(read(locale, text)).toEqual({ value });
  });

  test.each([
    ['de-DE', 'EUR', '12,50 EUR', '12.5'],
    ['de-DE', 'EUR', '€ 1.250,00', '1250'],
    ['de-DE', 'EUR', '12,50 Euro', '12.5'],
    ['de-CH', 'CHF', "CHF 1'250.50", '1250.5'],
    ['de-CH', 'CHF', '12.–', '12'],
    ['en-IN', 'INR', '₹1,25,000.50', '125000.5'],
    ['en-US', 'EUR', '€12.50', '12.5'],
    ['de-DE', 'kg', '0,125 kg', '0.125'],
    ['ru-RU', 'kg', '0,5 кг', '0.5'],
    ['ar-EG', 'EGP', '\u200f١٬٢٥٠٫٥٠ ج.م.\u200f', '1250.5'],
    ['ar-EG', 'EGP', '١٢،٥', '12.5'],
    ['de-DE', 'EUR', '٥٠٫٢٥', '50.25'],
    ['en-US', 'EUR', '５００', '500'],
  ])('in %s and %s %p is %s', (locale, unit, text, value) => {
    expect(readDecimal(text, 4, locale, unit)).toEqual({ value });
  });

  test.each([
    'de-DE',
    'de-CH',
    'fr-CH',
    'ar-EG',
    'ar-SA',
    'fa-IR',
    'he-IL',
    'hi-IN',
    'ja-JP',
    'pl-PL',
    'pt-BR',
  ])('in %s an amount that is shown, copied and pasted is read as what it is', (locale) => {
    for (const currency of ['EUR', 'CHF', 'USD', 'INR', 'EGP']) {
      const shown = new Intl.NumberFormat(locale, { style: 'currency', currency }).format(1250.5);
      expect([shown, readDecimal(shown, 4, locale, currency)]).toEqual([shown, { value: '1250.5' }]);
    }
  });

  test('in another currency is refused, not converted in silence', () => {
    expect(readDecimal('$12.50', 4, 'en-US', 'EUR')).toEqual({ issue: 'It is not in EUR.' });
    expect(readDecimal('12,50 €', 4, 'de-CH', 'CHF')).toEqual({ issue: 'It is not in CHF.' });
    expect(readDecimal('12.50 USD', 4, 'en-US', 'EUR')).toHaveProperty('issue');
    expect(readDecimal('12 €', 4, 'de-DE', 'kg')).toEqual({ issue: 'It is not in kg.' });
  });

  test.each([
    ['de-DE', '1.250', ['1250', '1.25']],
    ['en-US', '1,250', ['1250', '1.25']],
    ['en-US', '12,345', ['12345', '12.345']],
    ['fr-FR', '1.250', ['1250', '1.25']],
  ])('in %s %p may be two numbers, and is asked back', (locale, text, choices) => {
    expect(read(locale, text)).toEqual({ choices });
  });

  test.each([
    ['de-DE', '-1', 'It cannot be negative.'],
    ['de-DE', 'billig', 'It is not a number such as 1.234,5.'],
    ['en-US', '1.2.3', 'It is not a number such as 1,234.5.'],
    ['en-US', '1 25', 'It is not a number such as 1,234.5.'],
    ['en-US', '1e3', 'It is not a number such as 1,234.5.'],
    ['en-US', '.', 'It is not a number such as 1,234.5.'],
    ['en-US', '0.12345', 'It has at most 4 decimal places.'],
    ['en-US', '', 'A number is missing.'],
  ])('in %s %p is refused with a sentence', (locale, text, issue) => {
    expect(read(locale, text)).toEqual({ issue });
  });

  test.each(['de-DE', 'en-US', 'en-IN', 'fr-FR', 'de-CH', 'ar-EG', 'fa-IR'])(
    'in %s what a field shows is read as what it shows',
    (locale) => {
      for (const value of ['0', '0.25', '12.345', '999.9999', '1250', '123456789012345.6789'])
        expect(read(locale, editableDecimal(value, locale))).toEqual({ value });
    },
  );
});

test('reading the numbers of a file makes one format of its locale, since that takes longer than to read one', () => {
  const made = jest.spyOn(Intl, 'NumberFormat');
  for (let count = 0; count < 100; count += 1)
    expect(read('pt-PT', `1.234,${count}1`)).toHaveProperty('value');
  expect(made).toHaveBeenCalledTimes(1);
  for (let count = 0; count < 100; count += 1) readDecimal(`1.234,${count}1`, 4, 'fi-FI', 'EUR');
  // That of the locale, and four of each of its names, here and in English.
  expect(made).toHaveBeenCalledTimes(1 + 1 + 2 * 4);
  made.mockRestore();
});
