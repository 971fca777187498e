import type { Page } from 'playwright-core';
import { endSession } from './end-session.ts';
import { places, type Place } from './places.ts';
import { photo, type Scene } from './scene.ts';

/** What is looked at: a page, or one of its states that something has to be done for. */
export interface Shot extends Omit<Place, 'persona'> {
  /** Nobody has signed in when left out. */
  readonly persona?: Place['persona'];
  readonly act?: (page: Page) => Promise<unknown>;
  /** The API does not answer this page; or it has not answered yet. */
  readonly unreachable?: boolean;
  readonly waiting?: boolean;
}

const dialog = (page: Page) => page.getByRole('dialog');

async function chooseFiles(page: Page): Promise<void> {
  const jpeg = async (name: string, seed: number) => ({
    ...{ name, mimeType: 'image/jpeg' },
    buffer: Buffer.from(await photo(seed)),
  });
  const letter = { name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear Sir or Madam,') };
  await page.setInputFiles('input[type=file]', [
    await jpeg('Morning at the lake.jpg', 31),
    await jpeg('Twelve pines.jpg', 2),
    letter,
  ]);
  await page.getByText('Refused').waitFor();
  await page.locator('.upload-row').first().getByText('Ready').waitFor();
}

const checkOff = (page: Page) =>
  page
    .getByRole('button', { name: /^Check off order/ })
    .nth(1)
    .click();

async function checkSomeOff(page: Page): Promise<void> {
  await checkOff(page);
  await page.locator('.outcomes li').waitFor();
  for (const row of [1, 4, 5]) await page.getByRole('checkbox').nth(row).check();
}

async function typeWrongProduct(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add product' }).click();
  const values = { Name: 'Print Matte 30×40', Manufacturer: 'Norrvik', Cost: '12,50', Weight: '0.250' };
  for (const [label, value] of Object.entries(values)) await dialog(page).getByLabel(label).fill(value);
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).locator('.field-error').first().waitFor();
}

/** The second editor is the API itself, with the token of the page's own person. */
async function editAtOnce(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Edit / })
    .first()
    .click();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.locator('button[value="sales"]').click();
  await other
    .getByRole('button', { name: /^Edit / })
    .first()
    .click();
  const cost = await dialog(other).getByLabel('Cost').inputValue();
  await dialog(other)
    .getByLabel('Cost')
    .fill(String(Number(cost) + 1));
  await dialog(other).getByRole('button', { name: 'Save' }).click();
  await dialog(other).waitFor({ state: 'detached' });
  await other.close();
  await dialog(page).getByLabel('Weight').fill('0.900');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).getByRole('group', { name: 'Conflict' }).waitFor();
}

async function previewImport(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Import' }).click();
  const lines = ['name,manufacturer,cost,weight', 'Print Matte,Norrvik,1.50,0.1', 'Album,Norrvik,cheap,-1'];
  const buffer = Buffer.from(`${lines.join('\n')}\n`);
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name: 'products.csv', mimeType: 'text/csv', buffer });
  await dialog(page).getByRole('row').nth(1).waitFor();
}

async function openLetter(page: Page, letter: string): Promise<void> {
  await page.getByRole('button', { name: letter }).click();
  await dialog(page).getByText('Begins with').waitFor();
}

async function tryReplay(page: Page, letter: string): Promise<void> {
  await openLetter(page, letter);
  await dialog(page).getByRole('button', { name: 'Replay …' }).click();
  await page.getByText('Would fail again').waitFor();
}

async function stayTooLong(page: Page): Promise<void> {
  await page.evaluate(endSession('over'));
  await page.getByRole('button', { name: 'Refresh' }).first().click();
  await page.getByRole('alert').waitFor();
}

const empty = { shows: '.empty' } as const;
const loading = { shows: '.skeleton', waiting: true } as const;
const failing = { shows: '.notice.bad', unreachable: true } as const;

/** Every page and every state that a page has. */
export const shotsOf = ({ image, rejected, letter }: Scene): readonly Shot[] => [
  { name: 'sign-in', path: '/', shows: '.welcome-card' },
  ...places,
  { name: 'images-uploading', persona: 'uploader', path: '/images', shows: '.picture', act: chooseFiles },
  { name: 'images-empty', persona: 'uploader2', path: '/images', ...empty },
  { name: 'images-failing', persona: 'uploader2', path: '/images', ...failing },
  { name: 'image', persona: 'uploader', path: `/images/${image}`, shows: '.timeline' },
  { name: 'image-rejected', persona: 'uploader', path: `/images/${rejected}`, shows: '.timeline' },
  {
    ...{ name: 'image-erase', persona: 'uploader', path: `/images/${image}`, shows: '.timeline' },
    act: (page) => page.getByRole('button', { name: 'Erase' }).click(),
  },
  {
    ...{ name: 'order', persona: 'logistics', path: '/logistics', shows: 'table.orders' },
    act: async (page) => {
      await page.locator('.order-number').first().click();
      await dialog(page).getByRole('table').waitFor();
    },
  },
  {
    name: 'packing-selected',
    persona: 'logistics',
    path: '/logistics',
    shows: 'table.orders',
    act: checkSomeOff,
  },
  { name: 'packing-undo', persona: 'logistics', path: '/logistics', shows: 'table.orders', act: checkOff },
  {
    name: 'session-ended',
    persona: 'logistics',
    path: '/logistics',
    shows: 'table.orders',
    act: stayTooLong,
  },
  { name: 'images-loading', persona: 'uploader', path: '/images', ...loading },
  { name: 'image-loading', persona: 'uploader', path: `/images/${image}`, ...loading },
  { name: 'packing-loading', persona: 'logistics', path: '/logistics', ...loading },
  { name: 'figures-loading', persona: 'analytics', path: '/analytics', ...loading },
  { name: 'operations-loading', persona: 'engineering', path: '/operations', ...loading },
  { name: 'packing-empty', persona: 'logistics', path: '/logistics?day=2020-01-01', ...empty },
  { name: 'packing-failing', persona: 'logistics', path: '/logistics?day=2020-01-02', ...failing },
  { name: 'product-form', persona: 'sales', path: '/sales', shows: 'table.products', act: typeWrongProduct },
  { name: 'product-conflict', persona: 'sales', path: '/sales', shows: 'table.products', act: editAtOnce },
  { name: 'products-import', persona: 'sales', path: '/sales', shows: 'table.products', act: previewImport },
  { name: 'products-empty', persona: 'sales', path: '/sales?search=nothing%20like%20it', ...empty },
  { name: 'products-failing', persona: 'sales', path: '/sales', ...failing },
  {
    ...{ name: 'figures-by-product', persona: 'analytics', path: '/analytics', shows: '.figures' },
    act: (page) => page.locator('.segmented label', { hasText: 'Product' }).click(),
  },
  { name: 'figures-empty', persona: 'analytics', path: '/analytics?from=2001-01-01&to=2001-01-02', ...empty },
  { name: 'figures-failing', persona: 'analytics', path: '/analytics', ...failing },
  {
    ...{ name: 'operations-partitions', persona: 'engineering', path: '/operations', shows: '.group' },
    act: (page) => page.locator('.group summary').first().click(),
  },
  {
    ...{
      name: 'letter',
      persona: 'engineering',
      path: '/operations?part=dead-letters',
      shows: 'table.letters',
    },
    act: (page) => openLetter(page, letter),
  },
  {
    ...{
      name: 'letter-replay',
      persona: 'engineering',
      path: '/operations?part=dead-letters',
      shows: 'table.letters',
    },
    act: (page) => tryReplay(page, letter),
  },
  { name: 'operations-failing', persona: 'engineering', path: '/operations', ...failing },
  { name: 'not-allowed', persona: 'sales', path: '/logistics', ...empty },
  { name: 'not-found', persona: 'sales', path: '/nowhere', ...empty },
];
