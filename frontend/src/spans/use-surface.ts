/** A surface for as long as a view shows its text. */
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { attribute } from '../core/node';
import type { Editor, TagNode } from '../core/types';
import { Marker } from './marker';
import { SpanSurface, type SurfaceOptions } from './surface';

type Rest = Pick<SurfaceOptions, 'host' | 'layer' | 'format' | 'onPlainClick'>;

/** `make` answers what is to be marked, or null while it is not there; it is asked again when one of `inputs` changes. */
export function useSurface(editor: Editor, node: TagNode, make: () => Rest | null, inputs: readonly unknown[]) {
  const surface = useRef<SpanSurface | null>(null);
  const marker = useMemo(() => new Marker(editor, node, () => surface.current?.board ?? null), [editor, node]);
  // Before the first paint: what is seen can be marked.
  useLayoutEffect(() => {
    const rest = make();
    if (!rest) return;
    const selectable = attribute(node, 'selectionEnabled') !== 'false' && marker.controls().length > 0;
    const made = new SpanSurface({ ...rest, editor, node, marker, selectable });
    surface.current = made;
    return () => {
      surface.current = null;
      made.destroy();
    };
  }, [editor, node, marker, ...inputs]);
  return { surface, marker };
}
