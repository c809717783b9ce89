/** A document: its pages below each other, areas and marked text on them. */
import '../image/image.css';
import '../../timeline/timeline.css';
import './pdf.css';
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Action } from '../../core/actions';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { boxOf } from '../../geometry/plane';
import { stageActions } from '../../stage/keys';
import type { Stage } from '../../stage/stage';
import { drawingControl } from '../../timeline/range-rows';
import { Transport, TransportButton } from '../../timeline/transport';
import { registerAnchors } from '../../ui/anchors';
import { lazy } from '../../ui/lazy';
import { ocrShape } from '../ocrlabels/shape';
import type { PDFDocumentProxy } from './document';
import type { PageProps } from './page';

const Failure = lazy(() => import('../../ui/media-failure').then((part) => part.MediaFailure));

const ZOOM = 1.25;
const LARGEST = 6;
const READABLE = 1.6;
/** Pages that far from the screen are made. */
const AHEAD = '600px';
const GAP = 24;

interface Opened {
  document: PDFDocumentProxy;
  expected: { width: number; height: number };
  Page: (props: PageProps) => preact.JSX.Element;
}

type State = Opened | 'loading' | 'failed';

async function open(address: string, stops: (() => void)[]): Promise<Opened> {
  const [{ openDocument }, { Page }] = await Promise.all([import('./document'), import('./page')]);
  const { document, close } = openDocument(address);
  stops.push(close);
  const found = await document;
  const { width, height } = (await found.getPage(1)).getViewport({ scale: 1 });
  return { document: found, expected: { width, height }, Page };
}

export default function PdfView({ node, editor }: TagViewProps) {
  const address = typeof node.value === 'string' ? node.value : '';
  const root = useRef<HTMLDivElement>(null);
  const pages = useRef<HTMLDivElement>(null);
  const [attempt, setAttempt] = useState(0);
  const state = useSignal<State>('loading');
  const scale = useSignal(1);
  const selects = useSignal(false);
  const stages = useSignal<ReadonlyMap<number, Stage>>(new Map());
  const near = useSignal<ReadonlySet<number>>(new Set([1]));
  const current = useSignal(1);
  const stage = useComputed(() => stages.value.get(current.value) ?? null);
  const draws = editor.controlsFor(node.name).some((control) => control.tag === 'OcrLabels');

  useEffect(() => {
    if (address === '') return;
    const stops: (() => void)[] = [];
    let alive = true;
    state.value = 'loading';
    open(address, stops)
      .then((opened) => {
        if (alive) state.value = opened;
      })
      .catch(() => {
        if (alive) state.value = 'failed';
      });
    return () => {
      alive = false;
      for (const stop of stops) stop();
    };
  }, [address, attempt]);

  const opened = typeof state.value === 'object' ? state.value : null;
  const count = opened?.document.numPages ?? 0;

  const fitted = () => (opened && pages.current ? Math.max(0.2, (pages.current.clientWidth - GAP) / opened.expected.width) : 1);
  const fitWidth = () => {
    scale.value = fitted();
  };
  useLayoutEffect(() => {
    // A page as wide as a large window is too large to read; one that is wider than the window has to be scrolled.
    scale.value = Math.min(fitted(), READABLE);
    const narrower = () => {
      scale.value = Math.min(scale.peek(), fitted());
    };
    window.addEventListener('resize', narrower);
    return () => window.removeEventListener('resize', narrower);
  }, [opened]);

  useEffect(() => {
    const box = pages.current;
    if (!box || !opened) return;
    const pageOf = (element: Element) => Number((element as HTMLElement).dataset.page);
    const observer = new IntersectionObserver(
      (entries) => {
        const next = new Set(near.peek());
        for (const entry of entries) {
          if (entry.isIntersecting) next.add(pageOf(entry.target));
          else next.delete(pageOf(entry.target));
        }
        near.value = next;
      },
      { root: box, rootMargin: AHEAD },
    );
    for (const page of box.querySelectorAll('.pdf-page')) observer.observe(page);
    const scrolled = () => {
      const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
      const found = [...near.peek()].find((number) => {
        const place = box.querySelector(`[data-page="${number}"]`)?.getBoundingClientRect();
        return place && place.top <= middle && place.bottom >= middle;
      });
      if (found !== undefined) current.value = found;
    };
    box.addEventListener('scroll', scrolled);
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', scrolled);
    };
  }, [opened]);

  const zoom = (factor: number) => {
    scale.value = Math.min(LARGEST, Math.max(0.2, scale.peek() * factor));
  };
  const show = (number: number) => {
    const wanted = Math.min(count, Math.max(1, number));
    pages.current?.querySelector(`[data-page="${wanted}"]`)?.scrollIntoView({ block: 'start' });
    current.value = wanted;
  };

  const zoomActions = (): Action[] => {
    const group = t('Document');
    return [
      { id: 'pdf:zoom-in', title: t('Zoom in'), group, keys: ['ctrl+plus', 'ctrl+='], run: () => zoom(ZOOM) },
      { id: 'pdf:zoom-out', title: t('Zoom out'), group, keys: ['ctrl+minus'], run: () => zoom(1 / ZOOM) },
      { id: 'pdf:fit', title: t('Fit the width'), group, keys: ['shift+1'], run: fitWidth },
      { id: 'pdf:page-on', title: t('Next page'), group, keys: ['ctrl+right', 'pagedown'], run: () => show(current.peek() + 1) },
      { id: 'pdf:page-back', title: t('Previous page'), group, keys: ['ctrl+left', 'pageup'], run: () => show(current.peek() - 1) },
      {
        id: 'pdf:select-text',
        title: t('Select text'),
        group,
        keys: ['shift+t'],
        run: () => {
          selects.value = !selects.peek();
        },
      },
    ];
  };

  // Keys act on the page that is read.
  useSignalEffect(() => {
    const made = stage.value;
    const own = made && draws ? stageActions(made, editor, { object: node.name, zoom: false, rotate: false, turn: () => {} }) : [];
    return editor.actions.register(...zoomActions(), ...own);
  });

  useSignalEffect(() => {
    if (editor.activeTool.value !== '') selects.value = false;
  });

  useEffect(
    () =>
      registerAnchors(
        editor,
        node.name,
        (id) => [...stages.peek().values()].map((made) => made.boxOf(id)).find((box) => box !== null) ?? null,
        () => pages.current,
        (id) => {
          const page = editor.regions.get(id)?.main.value?.pageIndex;
          if (typeof page === 'number' && !stages.peek().get(page)?.boxOf(id)) show(page);
        },
      ),
    [editor, node, opened],
  );

  /** Marks the text that is selected: the area around it, on the page where it begins. */
  const takeText = () => {
    const selection = getSelection();
    const control = drawingControl(editor, node.name, ['OcrLabels']);
    if (!selects.peek() || !selection || selection.isCollapsed || !control) return;
    const range = selection.getRangeAt(0);
    const page = range.startContainer.parentElement?.closest<HTMLElement>('.pdf-page');
    const made = page && stages.peek().get(Number(page.dataset.page));
    if (!page || !made) return;
    const frame = page.getBoundingClientRect();
    const around = boxOf(
      [...range.getClientRects()].flatMap((box) => [
        { x: (box.left - frame.left) / scale.peek(), y: (box.top - frame.top) / scale.peek() },
        { x: (box.right - frame.left) / scale.peek(), y: (box.bottom - frame.top) / scale.peek() },
      ]),
    );
    const rectangle = { x: around.minX, y: around.minY, width: around.maxX - around.minX, height: around.maxY - around.minY, rotation: 0 };
    const value = { ...ocrShape.write(rectangle, made.scene.size), ocrtext: selection.toString().trim() };
    if (editor.createRegion({ control: control.name, object: node.name, value }) !== null) selection.removeAllRanges();
  };

  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300));
  };

  if (address === '') return <p class="hint">{t('This task has no document.')}</p>;
  const tools = stage.value?.toolbox;
  const isDrawing = !selects.value && tools?.active !== null && tools !== undefined;
  return (
    <div ref={root} class="pdf-tag" data-wide data-object={node.name} data-state={opened ? (stages.value.size > 0 ? 'ready' : 'loading') : state.value}>
      <Transport>
        {draws && (
          <>
            <TransportButton
              title={t('Select and move')}
              icon="pointer"
              keys="v"
              pressed={!isDrawing && !selects.value}
              run={() => {
                selects.value = false;
                editor.activeTool.value = '';
              }}
            />
            <TransportButton
              title={t('Area')}
              icon="rectangle"
              keys="r"
              pressed={isDrawing}
              disabled={editor.readonly.value}
              run={() => {
                selects.value = false;
                editor.actions.run('tool:rectangle');
              }}
            />
          </>
        )}
        <TransportButton
          title={t('Select text')}
          icon="text"
          keys="shift+t"
          pressed={selects.value}
          run={() => {
            editor.activeTool.value = '';
            selects.value = !selects.peek();
          }}
        />
        <span class="transport-space" />
        <label class="transport-counter">
          <input
            class="input"
            type="number"
            aria-label={t('Page')}
            min={1}
            max={Math.max(1, count)}
            value={current.value}
            onChange={(event) => {
              if (!Number.isNaN(event.currentTarget.valueAsNumber)) show(event.currentTarget.valueAsNumber);
            }}
          />
          <span class="hint">{t('of {count} pages', { count })}</span>
        </label>
        <span class="transport-space" />
        <TransportButton title={t('Zoom out')} icon="zoom-out" keys="ctrl+minus" run={() => zoom(1 / ZOOM)} />
        <TransportButton title={t('Fit the width')} icon="fit" keys="shift+1" run={fitWidth} />
        <TransportButton title={t('Zoom in')} icon="zoom-in" keys="ctrl+plus" run={() => zoom(ZOOM)} />
      </Transport>
      <div ref={pages} class="pdf-pages htx-pdf" onWheel={wheel} onPointerUp={() => setTimeout(takeText)}>
        {state.value === 'loading' && <p class="image-note">{t('Loading the document…')}</p>}
        {state.value === 'failed' && (
          <div class="image-note" role="alert">
            <Failure address={address} kind="pdf" />
            <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
              {t('Try again')}
            </button>
          </div>
        )}
        {opened &&
          Array.from({ length: count }, (_, index) => (
            <opened.Page
              key={index}
              node={node}
              editor={editor}
              document={opened.document}
              number={index + 1}
              expected={opened.expected}
              scale={scale}
              selects={selects}
              stages={stages}
              near={near}
            />
          ))}
      </div>
    </div>
  );
}
