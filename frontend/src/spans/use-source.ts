/** What an object shows: the task's value itself, or what lies at the address that the task gives. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../core/text';

export type Loaded<T> = { value: T } | { problem: string } | null;

/** `read` makes the value of what the task has, or of the text fetched from there. Answers what is loaded, and how to try again. */
export function useSource<T>(value: unknown, fromAddress: boolean, read: (value: unknown) => T): [Loaded<T>, () => void] {
  const [attempt, setAttempt] = useState(0);
  const direct = (): Loaded<T> => {
    try {
      return { value: read(value) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  };
  const [loaded, setLoaded] = useState<Loaded<T>>(fromAddress ? null : direct);
  useEffect(() => {
    if (!fromAddress) {
      if (attempt > 0) setLoaded(direct());
      return;
    }
    const abort = new AbortController();
    setLoaded(null);
    fetch(String(value), { signal: abort.signal })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        const text = await answer.text();
        if (!abort.signal.aborted) setLoaded({ value: read(text) });
      })
      .catch((error) => {
        if (!abort.signal.aborted)
          setLoaded({ problem: t('The text at {address} could not be loaded ({reason}).', { address: String(value), reason: error.message }) });
      });
    return () => abort.abort();
  }, [value, fromAddress, attempt]);
  return [loaded, () => setAttempt(attempt + 1)];
}
