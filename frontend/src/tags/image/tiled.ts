/** Pictures that are too large for one element: tiles (Deep Zoom, IIIF) or one file of more than 50 million pixels, shown by OpenSeadragon. */
import OpenSeadragon from 'openseadragon';
import type { Size } from '../../geometry/plane';
import { apply, inverse, toScreenMatrix, type Viewport } from '../../geometry/viewport';

export interface TiledPicture {
  /** Shows the part of the picture that the stage shows. */
  place(viewport: Viewport): void;
  destroy(): void;
}

/** OpenSeadragon adds a style element for its own buttons, which our content security policy blocks, unless it finds that it has done so. */
function leaveOutStyle(): void {
  const mark = 'data-openseadragon-mobile-css';
  if (document.querySelector(`style[${mark}]`)) return;
  // An element of that name only: outside HTML it styles nothing, so that there is nothing to block.
  const style = document.createElementNS('about:mark', 'style');
  style.setAttribute(mark, '');
  document.head.append(style);
}

/** `source` is the address of a description of tiles, or of one picture. */
export function openTiled(host: HTMLElement, source: string, isDescription: boolean, opened: (size: Size) => void, failed: () => void): TiledPicture {
  leaveOutStyle();
  const viewer = OpenSeadragon({
    element: host,
    tileSources: isDescription ? source : { type: 'image', url: source, buildPyramid: true },
    drawer: 'canvas',
    // The stage has the tools, keys and gestures: this only draws.
    showNavigationControl: false,
    mouseNavEnabled: false,
    keyboardNavEnabled: false,
    animationTime: 0,
    immediateRender: true,
    minZoomImageRatio: 0,
    maxZoomPixelRatio: Number.POSITIVE_INFINITY,
    visibilityRatio: 0,
    constrainDuringPan: false,
    preserveImageSizeOnResize: true,
  } as unknown as OpenSeadragon.Options);
  let size: Size | null = null;
  let wanted: Viewport | null = null;

  function place(viewport: Viewport): void {
    wanted = viewport;
    if (!size || viewport.view.width === 0) return;
    // OpenSeadragon measures in widths of the picture.
    const { width } = size;
    viewer.viewport.zoomTo((viewport.scale * width) / viewport.view.width, undefined, true);
    const middle = apply(inverse(toScreenMatrix(viewport)), { x: viewport.view.width / 2, y: viewport.view.height / 2 });
    viewer.viewport.panTo(new OpenSeadragon.Point(middle.x / width, middle.y / width), true);
    viewer.viewport.setRotation(viewport.rotation, true);
    viewer.forceRedraw();
  }

  viewer.addHandler('open', () => {
    const item = viewer.world.getItemAt(0);
    const { x, y } = item.getContentSize();
    size = { width: x, height: y };
    opened(size);
    if (wanted) place(wanted);
  });
  viewer.addHandler('open-failed', failed);
  return { place, destroy: () => viewer.destroy() };
}
