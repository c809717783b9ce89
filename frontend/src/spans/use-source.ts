/** What an object shows: the task's value itself, or what lies at the address that the task gives. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../core/text';

function reasonOf(address: string, error: Error): Promise<string> {
  return import('../ui/media-failure').then(
    (part) => part.whyItFailed(address, 'text'),
    () => error.message,
  );
}

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
        if (!answer.ok) throw new TypeError(String(answer.status));
        const text = await answer.text();
        if (!abort.signal.aborted) setLoaded({ value: read(text) });
      })
      .catch(async (error: Error) => {
        if (abort.signal.aborted) return;
        // No answer, or none with the text: what is behind that is found out.
        const reason = error instanceof TypeError ? await reasonOf(String(value), error) : error.message;
        if (!abort.signal.aborted) setLoaded({ problem: t('The text at {address} could not be loaded ({reason}).', { address: String(value), reason }) });
      });
    return () => abort.abort();
  }, [value, fromAddress, attempt]);
  return [loaded, () => setAttempt(attempt + 1)];
}
