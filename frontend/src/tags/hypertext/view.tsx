import { useEffect, useRef, useState } from 'preact/hooks';
import { attribute, flag } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { htmlStretches, NodeLayer } from '../../spans/node-layer';
import { SourceNotice } from '../../spans/source-notice';
import { asText } from '../../spans/text-value';
import { useSource } from '../../spans/use-source';
import { useSurface } from '../../spans/use-surface';
import { LabelPicker } from '../../ui/label-picker';
import { scopedCss } from '../style/scope';
import { applyStyles, cleanHtml } from './clean';
import { htmlFormat } from './format';
import { fillFrame, fitFrame, passKeys } from './frame';
import './hypertext.css';

/** Links lead out of the task, so they open beside it, and only where the config lets them. */
function follow(event: MouseEvent, allowed: boolean): void {
  const link = (event.target as Element | null)?.closest?.('a[href]');
  if (!link) return;
  event.preventDefault();
  const address = link.getAttribute('href') ?? '';
  if (allowed && /^https?:/i.test(address)) window.open(address, '_blank', 'noopener,noreferrer');
}

export default function HyperText({ node, editor }: TagViewProps) {
  const encoding = attribute(node, 'encoding');
  const inline = flag(node, 'inline');
  const [loaded, retry] = useSource(node.value, attribute(node, 'valueType') === 'url', (value) => cleanHtml(asText(value, encoding), !inline));
  const html = loaded && 'value' in loaded ? loaded.value : null;
  const host = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  // Filled from the content as it was cleaned: what is shown once is not parsed again.
  const [root, setRoot] = useState<HTMLElement | null>(null);

  useEffect(() => {
    if (!html || !inline || !inner.current) return;
    const place = inner.current;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(scopedCss(html.css));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    place.replaceChildren(...[...html.body.childNodes].map((child) => document.adoptNode(child)));
    applyStyles(html);
    setRoot(place);
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
      html.body.replaceChildren(...place.childNodes);
      setRoot(null);
    };
  }, [html, inline]);

  const { surface, marker } = useSurface(
    editor,
    node,
    () => {
      if (!root || !host.current) return null;
      return {
        host: host.current,
        layer: (seen) => new NodeLayer(root, htmlStretches(root), { frame: inline ? null : frame.current, hasBlocks: true }, seen),
        format: htmlFormat(node),
      };
    },
    [root, inline],
  );

  useEffect(() => {
    if (!root) return;
    const clickable = flag(node, 'clickableLinks');
    const onClick = (event: MouseEvent) => follow(event, clickable);
    root.addEventListener('click', onClick);
    const shown = frame.current;
    const stops = shown && !inline ? [fitFrame(shown, () => surface.current?.moved()), passKeys(shown)] : [];
    return () => {
      root.removeEventListener('click', onClick);
      for (const stop of stops) stop();
    };
  }, [root, inline, node]);

  if (loaded === null || 'problem' in loaded) return <SourceNotice loaded={loaded} retry={retry} />;
  const load = () => {
    if (!html || !frame.current) return;
    const body = fillFrame(frame.current, html.body, html.css, html.isColored);
    applyStyles(html);
    setRoot(body);
  };
  return (
    <div ref={host} class={`tag-text tag-hypertext${inline ? ' is-inline' : ''}`} data-object={node.name}>
      {inline ? (
        <div ref={inner} class={`text-html htx-richtext${html?.isColored ? ' is-paper' : ''}`} />
      ) : (
        <iframe
          ref={frame}
          class={`text-frame htx-richtext${html?.isColored ? ' is-paper' : ''}`}
          title={t('Text {name}', { name: node.name })}
          sandbox="allow-same-origin"
          srcdoc="<!doctype html><html><head></head><body></body></html>"
          onLoad={load}
        />
      )}
      <LabelPicker marker={marker} editor={editor} board={() => surface.current?.board ?? null} host={host} />
    </div>
  );
}
