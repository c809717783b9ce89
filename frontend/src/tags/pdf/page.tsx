/** One page: its picture, its text, and the stage over it; made when it comes near the screen and dropped when it is far from it. */
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { Stage } from '../../stage/stage';
import type { PageSize } from '../ocrlabels/shape';
import { type PDFDocumentProxy, type PDFPageProxy, TextLayer } from './document';
import { textIn, wordsOf } from './page-text';

/** Pixels of one picture, so that far zooms stay within what browsers can hold. */
const MOST_PIXELS = 16_000_000;

export interface PageProps extends TagViewProps {
  document: PDFDocumentProxy;
  number: number;
  /** Size of pages that are not read yet. */
  expected: { width: number; height: number };
  /** Screen pixels per unit of the page. */
  scale: Signal<number>;
  /** Text is selected rather than areas drawn. */
  selects: Signal<boolean>;
  stages: Signal<ReadonlyMap<number, Stage>>;
  /** Pages near the screen. */
  near: Signal<ReadonlySet<number>>;
}

async function paint(page: PDFPageProxy, canvas: HTMLCanvasElement, scale: number, stop: AbortSignal): Promise<void> {
  const plain = page.getViewport({ scale: 1 });
  const most = Math.sqrt(MOST_PIXELS / (plain.width * plain.height));
  const viewport = page.getViewport({ scale: Math.min(scale * (window.devicePixelRatio || 1), most) });
  // Drawn aside, so that the old picture stays until the new one is whole.
  const fresh = Object.assign(document.createElement('canvas'), { width: Math.round(viewport.width), height: Math.round(viewport.height) });
  const task = page.render({ canvas: fresh, viewport });
  stop.addEventListener('abort', () => task.cancel());
  await task.promise;
  canvas.width = fresh.width;
  canvas.height = fresh.height;
  canvas.getContext('2d')?.drawImage(fresh, 0, 0);
}

export function Page({ node, editor, document: source, number, expected, scale, selects, stages, near }: PageProps) {
  const box = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const page = useSignal<PDFPageProxy | null>(null);
  const size = useSignal(expected);
  const state = useSignal<'waiting' | 'painted' | 'failed'>('waiting');
  const isNear = near.value.has(number);

  useEffect(() => {
    if (!isNear) return;
    let alive = true;
    source
      .getPage(number)
      .then((found) => {
        if (!alive) return;
        const { width, height } = found.getViewport({ scale: 1 });
        size.value = { width, height };
        page.value = found;
      })
      .catch(() => {
        if (alive) state.value = 'failed';
      });
    return () => {
      alive = false;
      page.peek()?.cleanup();
      page.value = null;
      state.value = 'waiting';
    };
  }, [isNear, source, number]);

  useSignalEffect(() => {
    const found = page.value;
    const zoom = scale.value;
    if (!found || !canvas.current) return;
    const stop = new AbortController();
    paint(found, canvas.current, zoom, stop.signal)
      .then(() => {
        if (!stop.signal.aborted) state.value = 'painted';
      })
      .catch(() => {
        if (!stop.signal.aborted) state.value = 'failed';
      });
    return () => stop.abort();
  });

  const found = page.value;
  useEffect(() => {
    if (!found || !element.current || !canvas.current) return;
    const made = new Stage(element.current, canvas.current, editor, node, {
      alignment: { across: 'start', down: 'start' },
      firstZoom: 'fit',
      negativeZoom: false,
      paged: false,
      bare: true,
    });
    let alive = true;
    const viewport = found.getViewport({ scale: 1 });
    Promise.all([made.load(), found.getTextContent()]).then(([, content]) => {
      if (!alive || !layer.current) return;
      const words = wordsOf(content.items, (x, y) => viewport.convertToViewportPoint(x, y));
      const shown: PageSize = { width: viewport.width, height: viewport.height, page: number, textIn: (part) => textIn(words, part) };
      made.show(shown, 0, 0);
      stages.value = new Map([...stages.peek(), [number, made]]);
      layer.current.replaceChildren();
      void new TextLayer({ textContentSource: content, container: layer.current, viewport }).render();
    });
    return () => {
      alive = false;
      const left = new Map(stages.peek());
      left.delete(number);
      stages.value = left;
      made.destroy();
      layer.current?.replaceChildren();
    };
  }, [found, editor, node]);

  // The text layer is laid out once; its own scale follows the zoom.
  useSignalEffect(() => {
    layer.current?.style.setProperty('--total-scale-factor', String(scale.value));
    layer.current?.style.setProperty('--scale-round-x', '1px');
    layer.current?.style.setProperty('--scale-round-y', '1px');
  });

  const { width, height } = size.value;
  return (
    <div
      ref={box}
      class="pdf-page"
      data-page={number}
      data-state={state.value === 'painted' && stages.value.has(number) ? 'ready' : state.value}
      style={{ width: `${Math.round(width * scale.value)}px`, height: `${Math.round(height * scale.value)}px` }}
    >
      {isNear && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys move and resize what is selected while this has the focus. */}
          <div ref={element} class="image-stage" role="application" tabIndex={0} aria-label={t('Page {number}', { number })}>
            <canvas ref={canvas} class="image-picture" />
          </div>
          <div ref={layer} class={`textLayer pdf-text${selects.value ? ' is-on' : ''}`} />
        </>
      )}
      {state.value === 'failed' && (
        <p class="image-note" role="alert">
          {t('Page {number} could not be shown.', { number })}
        </p>
      )}
    </div>
  );
}
