/** What is kept on this device: an IndexedDB database; in memory where the browser refuses one (private windows). */

export const STORES = ['bases', 'patches', 'outbox'] as const;
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

/** The store of this device; each user of the browser has their own. */
export async function openDeviceStore(user: number): Promise<DeviceStore> {
  try {
    return new IndexedStore(await open(`labelspace-${user}`));
  } catch {
    const { MemoryStore } = await import('./memory-store');
    return new MemoryStore();
  }
}
