/** Stands in for the device's database where a browser refuses one (private windows): loaded only then. */
import { type DeviceStore, STORES, type StoreName } from './device-store';

function compare(a: IDBValidKey, b: IDBValidKey): number {
  const left = JSON.stringify(a);
  const right = JSON.stringify(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
      const [x, y] = [a[i] as string | number, b[i] as string | number];
      if (x !== y) return typeof x === typeof y ? (x < y ? -1 : 1) : typeof x === 'number' ? -1 : 1;
    }
    return a.length - b.length;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Keeps the same promises until the page is closed. */
export class MemoryStore implements DeviceStore {
  readonly durable = false;
  private readonly stores = new Map<StoreName, Map<string, { key: IDBValidKey; value: unknown }>>(STORES.map((name) => [name, new Map()]));

  private store(name: StoreName): Map<string, { key: IDBValidKey; value: unknown }> {
    return this.stores.get(name) as Map<string, { key: IDBValidKey; value: unknown }>;
  }

  async put(store: StoreName, key: IDBValidKey, value: unknown): Promise<void> {
    this.store(store).set(JSON.stringify(key), { key, value: structuredClone(value) });
  }

  async get(store: StoreName, key: IDBValidKey): Promise<unknown> {
    return this.store(store).get(JSON.stringify(key))?.value;
  }

  async range(store: StoreName, from: IDBValidKey, to: IDBValidKey): Promise<{ key: IDBValidKey; value: unknown }[]> {
    const all = [...this.store(store).values()].filter(({ key }) => compare(from, key) <= 0 && compare(key, to) <= 0);
    return all.sort((a, b) => compare(a.key, b.key));
  }

  async removeRange(store: StoreName, from: IDBValidKey, to: IDBValidKey): Promise<void> {
    for (const { key } of await this.range(store, from, to)) this.store(store).delete(JSON.stringify(key));
  }
}
