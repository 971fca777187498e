/** A binary heap: what costs least comes first. */
export class Heap<T> {
  readonly #items: { readonly cost: number; readonly item: T }[] = [];

  push(cost: number, item: T): void {
    const items = this.#items;
    let at = items.push({ cost, item }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]!.cost <= cost) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = { cost, item };
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined) return undefined;
    if (items.length > 0) this.#sink(last);
    return first.item;
  }

  #sink(moved: { readonly cost: number; readonly item: T }): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1]!.cost < items[child]!.cost) child += 1;
      if (items[child]!.cost >= moved.cost) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = moved;
  }
}
