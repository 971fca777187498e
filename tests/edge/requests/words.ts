/** Names that a photo shop could have, each of which some rule takes for an attack. */
export const awkwardNames = [
  "O'Brien & Söhne",
  '1/2" pipe',
  'Frame 30×40 (black) -- new',
  "Children's album; 20% off",
  'Union Jack canvas',
  "5' x 7' or 8' x 10'",
  'Canvas <large>',
  'Album "Having fun"',
  'C:\\prints',
  'Kodak /etc',
  '=1+1 frame',
  'Select Gloss from Kodak where=matte',
  "Ilford's 'Delta' and 'HP5'",
  'Table & Chairs #3 -- drop leaf',
  'onload=wide frame',
  'javascript: the print',
  '${name}',
  'Rock’n’Roll poster',
  'ASCII 100% (waitfor delay)',
  'A4 || A3',
  "1' or '1'='1",
  '{{size}}',
  'sleep(8) poster',
  'Ping pong; cat poster',
  'ls -la poster',
  '<b>bold</b> print',
  '../frames',
  'Group by size; order by price',
] as const;

export const reasons = [
  "Customer's wish: wrong size; select 30x40 or 40x50 instead",
  'damaged -- see note',
  'Kunden "Søren" & co; union of two orders',
  "can't be sent, order by phone",
] as const;

export const fileNames = [
  'photo.jpg',
  "O'Brien & Söhne.jpg",
  'IMG 1;2=3.jpg',
  'web.config.jpg',
  'summer.php.jpg',
  '..hidden.jpg',
  'Bryllup – Anna & Bo (1).jpg',
  'select * from users.jpg',
  '<b>bold</b>.jpg',
] as const;

/** People as a directory has them. */
export const people = [
  "Siobhán O'Brien",
  "D'Angelo St. John-Smith, Jr.",
  'Jürgen Müller-Lüdenscheidt',
  'محمد عبد الله',
  "o'brien_external#EXT#@shop.example",
  'Sales,Analytics',
] as const;
