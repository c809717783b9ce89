/** What is kept on this device: an IndexedDB database; in memory where the browser refuses one (private windows). */

const STORES = ['bases', 'patches', 'outbox'] as const;
export type StoreName = (typeof STORES)[number];

export interface DeviceStore {
  /** Whether what is written survives closing the page. */
  readonly durable: boolean;
  put(store: StoreName, key: IDBValidKey, value: unknown): Promise<void>;
  get(store: StoreName, key: IDBValidKey): Promise<unknown>;
  /** Values whose keys lie between the two, in the order of the keys. */
  range(store: StoreName, from: IDBValidKey, to: IDBValidKey): Promise<{ key: IDBValidKey; value: unknown }[]>;
  removeRange(store: StoreName, from: IDBValidKey, to: IDBValidKey): Promise<void>;
}

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of STORES) request.result.createObjectStore(store);
  };
  return asPromise(request);
}

class IndexedStore implements DeviceStore {
  readonly durable = true;

  constructor(private readonly db: IDBDatabase) {}

  private write(store: StoreName, work: (store: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction(store, 'readwrite');
      work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('This device refused to keep the change.'));
    });
  }

  put(store: StoreName, key: IDBValidKey, value: unknown): Promise<void> {
    return this.write(store, (target) => target.put(value, key));
  }

  get(store: StoreName, key: IDBValidKey): Promise<unknown> {
    return asPromise(this.db.transaction(store).objectStore(store).get(key));
  }

  async range(store: StoreName, from: IDBValidKey, to: IDBValidKey): Promise<{ key: IDBValidKey; value: unknown }[]> {
    const target = this.db.transaction(store).objectStore(store);
    const bounds = IDBKeyRange.bound(from, to);
    const [keys, values] = await Promise.all([asPromise(target.getAllKeys(bounds)), asPromise(target.getAll(bounds))]);
    return keys.map((key, index) => ({ key, value: values[index] }));
  }

  removeRange(store: StoreName, from: IDBValidKey, to: IDBValidKey): Promise<void> {
    return this.write(store, (target) => target.delete(IDBKeyRange.bound(from, to)));
  }
}

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

/** For browsers without a database: keeps the same promises until the page is closed. */
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

/** The store of this device; each user of the browser has their own. */
export async function openDeviceStore(user: number): Promise<DeviceStore> {
  try {
    return new IndexedStore(await open(`labelspace-${user}`));
  } catch {
    return new MemoryStore();
  }
}
