/** The live preview; the editor's views are loaded when there is something to show. */
import { useEffect, useRef } from 'preact/hooks';
import type { ConfigPreview } from '../../islands/configpreview';
import type { Row } from '../first-rows';

export function Preview({ source, data }: { source: string; data: Row }) {
  const place = useRef<HTMLDivElement>(null);
  const mounted = useRef<ConfigPreview | null>(null);
  useEffect(() => {
    let gone = false;
    const timer = window.setTimeout(async () => {
      const { mountPreview } = await import('../../islands/configpreview');
      if (gone || !place.current) return;
      mounted.current ??= mountPreview(place.current);
      await mounted.current.show(source, data);
    }, 150);
    return () => {
      gone = true;
      window.clearTimeout(timer);
    };
  }, [source, data]);
  useEffect(() => () => mounted.current?.dispose(), []);
  return <div ref={place} />;
}
