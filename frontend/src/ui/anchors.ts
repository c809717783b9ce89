/** Where regions are on screen, asked of the object views: relations are drawn between them, the outliner scrolls to them. */
import type { Editor } from '../core/types';

interface Anchor {
  /** The region's box in the window, or null while it is off screen. */
  box: (id: string) => DOMRect | null;
  /** An element to scroll to so that the region comes on screen. */
  element: (id: string) => Element | null;
  /** Brings the region on screen in the view's own way (a canvas pans). */
  reveal?: (id: string) => void;
}

const anchors = new WeakMap<Editor, Map<string, Anchor>>();

/** Called by an object's view when it is ready; returns the function that ends it. */
export function registerAnchors(
  editor: Editor,
  object: string,
  box: Anchor['box'],
  element: Anchor['element'] = () => null,
  reveal?: Anchor['reveal'],
): () => void {
  const known = anchors.get(editor) ?? new Map<string, Anchor>();
  anchors.set(editor, known);
  const anchor: Anchor = { box, element, ...(reveal && { reveal }) };
  known.set(object, anchor);
  return () => {
    if (known.get(object) === anchor) known.delete(object);
  };
}

function anchorOf(editor: Editor, id: string): Anchor | undefined {
  const region = editor.regions.get(id);
  return region && anchors.get(editor)?.get(region.object);
}

export function regionBox(editor: Editor, id: string): DOMRect | null {
  return anchorOf(editor, id)?.box(id) ?? null;
}

export function revealRegion(editor: Editor, id: string): void {
  const anchor = anchorOf(editor, id);
  if (anchor?.reveal) anchor.reveal(id);
  else if (anchor && !isInView(anchor.box(id))) anchor.element(id)?.scrollIntoView({ block: 'center' });
}

function isInView(box: DOMRect | null): boolean {
  return box !== null && box.top > 60 && box.bottom < innerHeight - 60;
}
