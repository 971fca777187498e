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
    expect(read('pt-BR', `1.234,${count}1`)).toHaveProperty('value');
  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});
