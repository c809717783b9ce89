/** An image to draw on: the stage with its toolbar, pages, and what is said while there is no picture. */
import './image.css';
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Action } from '../../core/actions';
import { attribute, flag } from '../../core/node';
import { plural, t } from '../../core/text';
import type { Editor, TagNode, TagViewProps } from '../../core/types';
import type { Size } from '../../geometry/plane';
import type { Align, Alignment } from '../../geometry/viewport';
import { stageActions } from '../../stage/keys';
import { Stage } from '../../stage/stage';
import { registerAnchors } from '../../ui/anchors';
import { lazy } from '../../ui/lazy';
import { Adjust } from './adjust';
import { useFrame } from './frame';
import { Pager } from './pager';
import { fileName, imageSources, isPaged, isTiles } from './sources';
import type { TiledPicture } from './tiled';
import { Toolbar } from './toolbar';

const Failure = lazy(() => import('../../ui/media-failure').then((part) => part.MediaFailure));

/** One element cannot show more than so many pixels smoothly. */
const HUGE = 50_000_000;

const ALIGN: Record<string, Align> = { left: 'start', top: 'start', right: 'end', bottom: 'end' };

/** In the middle unless the config says otherwise. */
function alignmentOf(node: TagNode): Alignment {
  return { across: ALIGN[node.attributes.horizontalAlignment ?? ''] ?? 'center', down: ALIGN[node.attributes.verticalAlignment ?? ''] ?? 'center' };
}

function makeStage(element: HTMLElement, picture: HTMLElement, editor: Editor, node: TagNode): Stage {
  return new Stage(element, picture, editor, node, {
    alignment: alignmentOf(node),
    firstZoom: attribute(node, 'defaultZoom'),
    negativeZoom: flag(node, 'negativeZoom'),
    paged: isPaged(node),
  });
}

/** How the picture was turned when this page was annotated. */
function storedRotation(editor: Editor, object: string, page: number): number {
  const region = editor.regions.list(object).find(({ item }) => (item ?? 0) === page);
  const rotation = region?.main.image_rotation;
  return typeof rotation === 'number' && rotation % 90 === 0 ? rotation : 0;
}

function pageActions(editor: Editor, object: string, pages: number): Action[] {
  const item = editor.item(object);
  const step = (by: number) => ({
    when: () => item.peek() + by >= 0 && item.peek() + by < pages,
    run: () => {
      item.value = item.peek() + by;
    },
  });
  const group = t('Image');
  return [
    { id: 'image:page-back', title: t('Previous page'), group, keys: ['ctrl+left'], ...step(-1) },
    { id: 'image:page-on', title: t('Next page'), group, keys: ['ctrl+right'], ...step(1) },
  ];
}

export default function ImageView({ node, editor }: TagViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  const tiles = useRef<HTMLDivElement>(null);
  const tiled = useRef<TiledPicture | null>(null);
  /** Of the picture that is shown. */
  const size = useRef<Size | null>(null);
  const stage = useSignal<Stage | null>(null);
  const state = useSignal<'loading' | 'ready' | 'failed'>('loading');
  const adjusting = useSignal(false);
  const brightness = useSignal(100);
  const contrast = useSignal(100);
  const sources = useMemo(() => imageSources(node), [node]);
  const item = editor.item(node.name);
  const page = useComputed(() => Math.min(Math.max(0, item.value), Math.max(0, sources.length - 1)));
  const source = sources[page.value];

  useFrame(frame, node, editor);

  useEffect(() => {
    if (!element.current || !picture.current) return;
    const made = makeStage(element.current, picture.current, editor, node);
    const turn = (degrees: number) => made.turnBy(degrees);
    let unregister = () => {};
    let alive = true;
    const register = () => {
      unregister();
      const own = stageActions(made, editor, { object: node.name, zoom: flag(node, 'zoom'), rotate: flag(node, 'rotateControl'), turn });
      unregister = editor.actions.register(...own, ...(sources.length > 1 ? pageActions(editor, node.name, sources.length) : []));
    };
    // With several images in a task, keys act on the one that was used last.
    const focused = () => editor.actions.get('image:cancel') !== undefined && register();
    element.current.addEventListener('pointerdown', focused);
    element.current.addEventListener('focus', focused);
    made.load().then(() => {
      if (!alive) return;
      register();
      stage.value = made;
    });
    const stopAnchors = registerAnchors(
      editor,
      node.name,
      (id) => made.boxOf(id),
      () => element.current,
      (id) => {
        const region = editor.regions.get(id);
        if (region) made.reveal(region);
      },
    );
    return () => {
      alive = false;
      stopAnchors();
      unregister();
      made.destroy();
      stage.value = null;
    };
  }, [node, editor, sources, stage]);

  const show = () => {
    const made = stage.peek();
    if (!size.current || state.peek() !== 'ready' || !made) return;
    made.renderer.placePicture = tiled.current && ((viewport) => tiled.current?.place(viewport));
    made.show(size.current, page.peek(), storedRotation(editor, node.name, page.peek()));
    const next = sources[page.peek() + 1];
    if (next && !isTiles(next)) new Image().src = next;
  };
  const isReady = (now: Size) => {
    size.current = now;
    state.value = now.width > 0 ? 'ready' : 'failed';
  };
  /** Shows it by tiles; `address` is dropped when another page was turned to meanwhile. */
  const showTiled = async (address: string) => {
    const { openTiled } = await import('./tiled');
    if (!tiles.current || source !== address || tiled.current) return;
    picture.current?.removeAttribute('src');
    tiled.current = openTiled(tiles.current, address, isTiles(address), isReady, () => {
      state.value = 'failed';
    });
  };
  const loaded = (image: HTMLImageElement) => {
    const { naturalWidth: width, naturalHeight: height } = image;
    if (width * height > HUGE && source !== undefined) void showTiled(source);
    else isReady({ width, height });
  };
  useSignalEffect(() => {
    if (stage.value && state.value === 'ready') show();
  });

  const open = () => {
    const image = picture.current;
    if (!image || source === undefined) return;
    if (isTiles(source)) void showTiled(source);
    else image.src = source;
  };

  useLayoutEffect(() => {
    const image = picture.current;
    if (!image || source === undefined) return;
    state.value = 'loading';
    stage.peek()?.clear();
    const crossOrigin = node.attributes.crossOrigin;
    if (crossOrigin === 'anonymous' || crossOrigin === 'use-credentials') image.crossOrigin = crossOrigin;
    open();
    return () => {
      tiled.current?.destroy();
      tiled.current = null;
      size.current = null;
    };
  }, [source, node, stage, state]);

  const retry = () => {
    state.value = 'loading';
    tiled.current?.destroy();
    tiled.current = null;
    picture.current?.removeAttribute('src');
    open();
  };

  const smoothing = node.attributes.smoothing === undefined ? editor.settings.value.smoothing : flag(node, 'smoothing');
  useSignalEffect(() => {
    for (const element of [picture.current, tiles.current])
      if (element)
        element.style.filter = brightness.value === 100 && contrast.value === 100 ? '' : `brightness(${brightness.value}%) contrast(${contrast.value}%)`;
  });
  const count = stage.value?.count.value ?? 0;
  return (
    <div class="image-tag" data-wide data-state={stage.value && state.value === 'ready' ? 'ready' : state.value}>
      {stage.value && <Toolbar node={node} editor={editor} stage={stage.value} adjusting={adjusting} />}
      {!stage.value && <div class="image-toolbar" />}
      <div ref={frame} class="image-frame">
        <div
          ref={element}
          class={`image-stage${smoothing ? '' : ' is-pixelated'}`}
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move and resize what is selected while this has the focus.
          tabIndex={0}
          aria-label={`${t('Image')} ${fileName(source ?? '')}, ${plural(count, '{count} region', '{count} regions')}`}
        >
          <div ref={tiles} class="image-tiles" />
          <img
            ref={picture}
            class="image-picture"
            alt={t('The image to label')}
            draggable={false}
            hidden
            onLoad={(event) => {
              loaded(event.currentTarget);
            }}
            onError={() => {
              state.value = 'failed';
            }}
          />
        </div>
        {source !== undefined && state.value === 'loading' && <p class="image-note is-late">{t('Loading the image…')}</p>}
        {source === undefined && <p class="image-note">{t('This task has no image.')}</p>}
        {source !== undefined && state.value === 'failed' && (
          <div class="image-note" role="alert">
            <Failure address={source} kind="image" crossOrigin={Boolean(node.attributes.crossOrigin)} />
            <button type="button" class="button" onClick={retry}>
              {t('Try again')}
            </button>
          </div>
        )}
        {adjusting.value && <Adjust look={{ brightness, contrast }} brightness={flag(node, 'brightnessControl')} contrast={flag(node, 'contrastControl')} />}
        {sources.length > 1 && <Pager editor={editor} object={node.name} pages={sources.length} />}
      </div>
    </div>
  );
}
