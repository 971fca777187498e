import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { expectAccessible } from '../support/axe.ts';
import { framesDrawn } from '../support/frames.ts';
import type { GivenNow } from '../support/given.ts';
import { keys, press, scan, scanInto } from '../support/look.ts';
import { visit, type Visit } from '../support/visit.ts';

interface ApiOrder {
  readonly orderId: number;
  readonly number: string;
  readonly status: string;
  readonly completedBy: string | null;
  readonly rowVersion: number;
}

/** At the packing table. */
export function logisticsFlow(given: GivenNow): void {
  describe('the packing page', () => {
    let visitor: Visit;
    const orders: number[] = [];
    const number = (orderId: number) => String(orderId).padStart(8, '0');
    const row = (orderId: number) => visitor.page.locator(`tr[data-order="${orderId}"]`);
    const tick = (orderId: number) => row(orderId).getByRole('checkbox');
    const checkOff = (orderId: number) =>
      visitor.page.getByRole('button', { name: `Check off order ${number(orderId)}` });
    const outcome = (orderId: number) => visitor.page.locator('.outcomes li', { hasText: number(orderId) });
    const read = async (orderId: number) =>
      (await (await given().stack.call('logistics', `/logistics/orders/${orderId}`)).json()) as ApiOrder;
    const toPack = async () => {
      const text = await visitor.page.getByTestId('totals').locator('.value').first().innerText();
      return text === '–' ? undefined : Number(text.replaceAll(',', ''));
    };
    const refresh = () => visitor.page.getByRole('button', { name: 'Refresh' }).first().click();

    beforeAll(async () => {
      for (let index = 0; index < 9; index += 1) {
        orders.push(await given().desk.placeOrder(`browser-${index}`));
      }
      visitor = await visit(given().browser, given().stack.endpoints.api, 'logistics', '/logistics');
      await row(orders[0]!).waitFor();
    });
    afterAll(() => visitor.context.close());

    test('completes what was chosen, counts it, and lists what was saved', async () => {
      const [first, second] = orders as [number, number];
      const before = await eventually(toPack);
      await tick(first).check();
      await tick(second).check();
      expect(await visitor.page.getByTestId('selected').innerText()).toBe('2 selected');
      await visitor.page.getByRole('button', { name: 'Check off 2' }).click();
      expect((await read(first)).status).toBe('pending');
      await outcome(first).getByText('Done').waitFor();
      await outcome(second).getByText('Done').waitFor();
      expect((await read(first)).status).toBe('completed');
      expect(await visitor.page.getByTestId('announcement').innerText()).toBe('Check-off: 2 saved.');
      await eventually(async () => ((await toPack()) === before - 2 ? true : undefined));
    });

    test('lists the heaviest first or the oldest first', async () => {
      const { page } = visitor;
      const weights = await page.locator('table.orders td.weight').allInnerTexts();
      const numbers = weights.map((text) => Number(text.replace(' kg', '')));
      expect(numbers.length).toBeGreaterThan(10);
      const pick = (name: string) => page.locator('.segmented label', { hasText: name }).click();
      expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
      await pick('Oldest first');
      const times = page.locator('table.orders time');
      const placed = await eventually(async () => {
        const all = await times.evaluateAll((nodes) =>
          nodes.map((node) => (node as unknown as { dateTime: string }).dateTime),
        );
        return all.length > 10 && all.join() === all.toSorted().join() ? all : undefined;
      });
      expect(new Set(placed).size).toBeGreaterThan(5);
      await pick('Heaviest first');
      await row(orders[2]!).waitFor();
    });

    test('shows the days as the API has them, and goes to one of them and back', async () => {
      const { page } = visitor;
      const table = page.getByRole('region', { name: 'Figures by day' });
      await table.getByRole('row').nth(1).waitFor();
      const to = new Date().toISOString().slice(0, 10);
      const from = new Date(Date.parse(to) - 13 * 86_400_000).toISOString().slice(0, 10);
      const response = await given().stack.call('logistics', `/logistics/daily?from=${from}&to=${to}`);
      const { days } = (await response.json()) as {
        days: { day: string; orders: number; totalWeight: string }[];
      };
      const shown = await table
        .locator('tbody tr')
        .evaluateAll((rows) =>
          rows.map((one) => (one as unknown as { innerText: string }).innerText.split(/\s*\t\s*/)),
        );
      expect(shown.map(([, count, , weight]) => [Number(count), Number(weight!.replace(' kg', ''))])).toEqual(
        days.toReversed().map(({ orders: count, totalWeight }) => [count, Number(totalWeight)]),
      );
      const unfinished = shown.map(([day]) => day!.endsWith('so far'));
      expect(unfinished).toEqual(shown.map((_, index) => index === 0));
      await page.locator('[aria-label="Orders and completed orders by day"] canvas').waitFor();
      await page.locator('.segmented label', { hasText: '30 days' }).click();
      await eventually(() => (page.url().includes('days=30') ? true : undefined));
      await page.reload();
      await page.getByLabel('30 days').waitFor({ state: 'attached' });
      expect(await page.getByLabel('30 days').isChecked()).toBe(true);
      await table.getByRole('button').nth(1).click();
      await eventually(() => (page.url().includes(`day=${days.at(-2)!.day}`) ? true : undefined));
      await page.getByRole('button', { name: 'Today' }).click();
      await row(orders[2]!).waitFor();
    });

    test('takes a check-off back while it was not sent', async () => {
      const orderId = orders[2]!;
      await checkOff(orderId).click();
      await visitor.page.getByRole('button', { name: 'Undo', exact: true }).click();
      await checkOff(orderId).waitFor();
      expect(await read(orderId)).toMatchObject({ status: 'pending', rowVersion: 1 });
    });

    test('keeps what is chosen through sorting and searching, and says how much of it is hidden', async () => {
      const { page } = visitor;
      await tick(orders[3]!).check();
      await tick(orders[4]!).check();
      await page.locator('.segmented label', { hasText: 'Oldest first' }).click();
      await row(orders[3]!).waitFor();
      await page.getByLabel('Order number').fill(number(orders[3]!));
      await eventually(async () =>
        (await page.getByTestId('selected').innerText()) === '2 selected, 1 hidden' ? true : undefined,
      );
      await page.getByLabel('Order number').fill('');
      await page.getByRole('button', { name: 'Clear', exact: true }).last().click();
    });

    test('leaves an order alone that came after all were selected', async () => {
      const { page } = visitor;
      await page.getByLabel('Select all orders shown').check();
      const selected = await page.getByTestId('selected').innerText();
      const late = await given().desk.placeOrder('browser-late');
      await refresh();
      await row(late).waitFor();
      expect(await tick(late).isChecked()).toBe(false);
      expect(await page.getByTestId('selected').innerText()).toBe(selected);
      expect(
        await page
          .getByLabel('Select all orders shown')
          .evaluate((box) => (box as unknown as { indeterminate: boolean }).indeterminate),
      ).toBe(true);
      await page.getByRole('button', { name: 'Clear', exact: true }).last().click();
    });

    test('says for each order whether it was done already or is refused, and keeps the refused chosen', async () => {
      const [done, cancelled] = [orders[3]!, orders[4]!];
      await tick(done).check();
      await tick(cancelled).check();
      await visitor.page.getByRole('button', { name: 'Check off 2' }).click();
      await given().stack.call('logistics-lead', `/logistics/orders/${done}/complete`, { method: 'POST' });
      await given().desk.cancelOrder(cancelled);
      await outcome(done).getByText('Already done').waitFor();
      expect(await outcome(cancelled).innerText()).toContain('it was cancelled');
      expect(await visitor.page.getByTestId('selected').innerText()).toContain('1 selected');
      await visitor.page.getByRole('button', { name: 'Clear', exact: true }).last().click();
    });

    test('calls a check-off pending while there is no connection, through a reload, and sends it after', async () => {
      const { page, context } = visitor;
      const orderId = orders[5]!;
      await page.evaluate('navigator.serviceWorker.ready');
      await context.setOffline(true);
      await checkOff(orderId).click();
      const waiting = page.getByRole('region', { name: 'Waiting to be sent' });
      await waiting.getByText(number(orderId)).waitFor();
      await page.reload();
      await waiting.getByText(number(orderId)).waitFor();
      expect(await row(orderId).getByText('Done').count()).toBe(0);
      expect((await read(orderId)).status).toBe('pending');
      await context.setOffline(false);
      await outcome(orderId).getByText('Done').waitFor();
      expect((await read(orderId)).status).toBe('completed');
    });

    test('makes one check-off of a double tap, and keeps the focus of who works by keyboard in the list', async () => {
      const { page } = visitor;
      const [tapped, typed] = [orders[6]!, orders[8]!];
      const focused = page.locator(':focus');
      await checkOff(tapped).dblclick();
      await checkOff(typed).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: `Undo the check-off of order ${number(typed)}` }).waitFor();
      expect(await focused.getAttribute('aria-label')).toBe(`Undo the check-off of order ${number(typed)}`);
      for (const orderId of [tapped, typed]) {
        await eventually(async () => ((await read(orderId)).status === 'completed' ? true : undefined));
        expect((await read(orderId)).rowVersion).toBe(2);
      }
      await row(typed).getByText('Done').waitFor();
      expect(await page.locator('table.orders :focus').count()).toBe(1);
      await page.evaluate(press('[aria-label="Refresh"]'));
      await row(typed).waitFor({ state: 'detached' });
      expect(await page.locator('table.orders :focus').count()).toBe(1);
    });

    test('goes to the order that a scanner reads, wherever the focus is', async () => {
      const { page } = visitor;
      await page.getByRole('heading', { name: 'Packing' }).focus();
      await page.evaluate(scan(number(orders[7]!)));
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('heading', { name: `Order ${number(orders[7]!)}` }).waitFor();
      await dialog.getByRole('table').waitFor();
      await dialog.getByText('Scan it again to check it off.').waitFor();
      await expectAccessible(page, 'dialog');
      await page.keyboard.press('Escape');
      expect(await dialog.count()).toBe(0);
      await page.getByLabel('Order number').fill(String(orders[0]!));
      await page.keyboard.press('Enter');
      await dialog.getByRole('heading', { name: `Order ${number(orders[0]!)}` }).waitFor();
      await page.keyboard.press('Escape');
    });

    test('completes no order by an Enter that nobody meant: sent twice by the scanner, held down, or pressed once more', async () => {
      const { page } = visitor;
      const one = orders[7]!;
      const dialog = page.getByRole('dialog');
      const staysOpen = async () => {
        await dialog.getByRole('button', { name: 'Check off' }).waitFor();
        for (const name of ['Enter', 'Enter', ' ']) await page.keyboard.press(name);
        await framesDrawn(page);
        expect(await dialog.count()).toBe(1);
        await page.keyboard.press('Escape');
      };
      await page.getByLabel('Order number').fill(String(one));
      // Held: the browser sends it again and again.
      for (let index = 0; index < 3; index += 1) await page.keyboard.down('Enter');
      await dialog.getByRole('table').waitFor();
      await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
      await staysOpen();
      await checkOff(one).focus();
      const isLeftToTheButton =
        await page.evaluate(`${scan(number(one))}; document.activeElement.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))`);
      expect(isLeftToTheButton).toBe(false);
      await staysOpen();
      expect(await page.getByRole('region', { name: 'Waiting to be sent' }).count()).toBe(0);
      expect(await read(one)).toMatchObject({ status: 'pending', rowVersion: 1 });
    });

    test('reads every digit of a scan into the empty search field', async () => {
      const { page } = visitor;
      await page.getByLabel('Order number').focus();
      await page.evaluate(scan('12345678'));
      await page.getByRole('dialog').getByRole('heading', { name: 'Order 12345678' }).waitFor();
      await page.keyboard.press('Escape');
    });

    test('takes a scan for one with the focus in a field of digits, and puts back what was in it', async () => {
      const { page } = visitor;
      const [day, find] = [page.getByLabel('Day (UTC)'), page.getByLabel('Order number')];
      const dialog = page.getByRole('dialog');
      const before = await day.inputValue();
      for (const [field, spoilt] of [
        [day, '0996-01-05'],
        [find, '900000001'],
      ] as const) {
        await find.fill('9');
        await field.focus();
        // At once after another key, too.
        await page.evaluate(`${keys('Escape')}; ${scanInto(number(orders[6]!), spoilt)}`);
        await dialog.getByRole('heading', { name: `Order ${number(orders[6]!)}` }).waitFor();
        await page.keyboard.press('Escape');
        expect(await day.inputValue()).toBe(before);
        expect(new URL(page.url()).searchParams.get('day') ?? before).toBe(before);
      }
      // A person is slower, and Enter looks for what was typed.
      await find.fill('');
      await find.pressSequentially(number(orders[5]!), { delay: 120 });
      await page.keyboard.press('Enter');
      await dialog.getByRole('heading', { name: `Order ${number(orders[5]!)}` }).waitFor();
      await page.keyboard.press('Escape');
    });

    test('opens what the list shows for some digits, asks for more where several match, and says of which day an order is', async () => {
      const { page } = visitor;
      const find = page.getByLabel('Order number');
      const dialog = page.getByRole('dialog');
      const shown = await page
        .locator('tr[data-order]')
        .evaluateAll((all) =>
          (all as unknown as { dataset: { order: string } }[]).map((one) => Number(one.dataset.order)),
        );
      const matches = (digits: string) => shown.filter((id) => number(id).includes(digits));
      const [id, digits] = shown
        .flatMap((one) => [2, 3, 4, 5].map((count) => [one, String(one).slice(-count)] as const))
        .find(([one, some]) => Number(some) !== one && matches(some).length === 1)!;
      await find.fill(digits);
      await page.keyboard.press('Enter');
      await dialog.getByRole('heading', { name: `Order ${number(id)}` }).waitFor();
      await page.keyboard.press('Escape');
      await find.fill('0');
      await page.keyboard.press('Enter');
      await page.getByText('type more digits').first().waitFor();
      expect(await dialog.count()).toBe(0);
      const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
      const answer = await given().stack.call('logistics', `/logistics/orders?day=${yesterday}&status=all`);
      const older = ((await answer.json()) as { orders: ApiOrder[] }).orders[0]!;
      await find.fill(older.number);
      await page.keyboard.press('Enter');
      await dialog.getByText('Of another day than the list').waitFor();
      await page.keyboard.press('Escape');
    });

    test('checks off with two scans of an order, and refuses a third with a sound of its own', async () => {
      const { page } = visitor;
      await page.evaluate(`
        globalThis.pitches = [];
        const { start } = OscillatorNode.prototype;
        OscillatorNode.prototype.start = function (...given) {
          globalThis.pitches.push(this.frequency.value);
          return start.apply(this, given);
        };`);
      const pitches = () => page.evaluate<number[]>('globalThis.pitches');
      const dialog = page.getByRole('dialog');
      const code = number(orders[7]!);
      await page.getByRole('heading', { name: 'Packing' }).focus();
      await page.evaluate(scan(code));
      await dialog.getByRole('table').waitFor();
      await page.evaluate(scan(code));
      await dialog.waitFor({ state: 'detached' });
      expect(await pitches()).toEqual([880, 1320]);
      await eventually(async () => ((await read(orders[7]!)).status === 'completed' ? true : undefined));
      await page.evaluate(scan(code));
      await dialog.getByText('Completed').first().waitFor();
      await page.evaluate(scan(code));
      await dialog.getByRole('alert').getByText('It is completed already.').waitFor();
      expect(await pitches()).toEqual([880, 1320, 196, 196]);
      await page.keyboard.press('Escape');
      await page.evaluate(scan('99999999'));
      await dialog.getByText('order').first().waitFor();
      await eventually(async () => ((await pitches()).length === 6 ? true : undefined));
      await page.keyboard.press('Escape');
    });

    test('leaves an order open that is reopened after a scan that was refused', async () => {
      const { browser, stack } = given();
      const lead = await visit(browser, stack.endpoints.api, 'logistics-lead', '/logistics');
      const { page } = lead;
      await page.locator('table.orders, .empty').first().waitFor();
      const code = number(orders[7]!);
      const dialog = page.getByRole('dialog');
      await page.getByRole('heading', { name: 'Packing' }).focus();
      await page.evaluate(scan(code));
      await dialog.getByText('Completed').first().waitFor();
      await page.evaluate(scan(code));
      await dialog.getByRole('alert').getByText('It is completed already.').waitFor();
      await dialog.getByLabel('Reopen it, because …').fill('packed twice by mistake');
      // Another order's code is no reason.
      const reason = dialog.getByLabel('Reopen it, because …');
      await reason.focus();
      await page.evaluate(scanInto(number(orders[0]!), 'packed twice by mistake00000001'));
      await dialog.getByRole('heading', { name: `Order ${number(orders[0]!)}` }).waitFor();
      await page.keyboard.press('Escape');
      expect((await read(orders[7]!)).status).toBe('completed');
      await page.getByLabel('Order number').fill(code);
      // So long after the scan the Enter is a person's.
      await page.waitForTimeout(400);
      await page.keyboard.press('Enter');
      await reason.fill('packed twice by mistake');
      await dialog.getByRole('button', { name: 'Reopen' }).press('Enter');
      await dialog.getByRole('button', { name: 'Check off' }).waitFor();
      await page.keyboard.press('Enter');
      await framesDrawn(page);
      expect(await dialog.count()).toBe(1);
      expect((await read(orders[7]!)).status).toBe('pending');
      await lead.context.close();
    });

    test('offers targets of 44 px', async () => {
      const targets = visitor.page.locator('.packing :is(.button, .input, .segmented label, label.tick)');
      const boxes = await targets.evaluateAll((all) =>
        (all as unknown as { getBoundingClientRect(): { width: number; height: number } }[]).map((one) => {
          const { width, height } = one.getBoundingClientRect();
          return [width, height] as const;
        }),
      );
      expect(boxes.length).toBeGreaterThan(20);
      expect(boxes.filter((box) => Math.min(...box) < 43.5)).toEqual([]);
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
