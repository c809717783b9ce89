/** A labeling set-up at work on one row of data: everything can be tried, nothing is kept. */
import '../styles/editor.css';
import { render } from 'preact';
import { parseConfig } from '../core/config';
import { AnnotationEditor } from '../core/editor';
import { expandConfig } from '../core/expand';
import { t } from '../core/text';
import { loadViews, Tag } from '../ui/tag-tree';

export interface ConfigPreview {
  /** Shows another set-up or other data. A source that is not XML leaves what is there: somebody is typing. */
  show: (source: string, data: Record<string, unknown>) => Promise<void>;
  dispose: () => void;
}

export function mountPreview(place: HTMLElement): ConfigPreview {
  let latest = 0;
  return {
    async show(source, data) {
      const mine = ++latest;
      let root: ReturnType<typeof expandConfig>;
      try {
        root = expandConfig(parseConfig(source), data);
      } catch {
        return;
      }
      await loadViews(root);
      if (mine !== latest) return;
      const editor = new AnnotationEditor({ root, data });
      render(null, place);
      render(
        <div class="task-area preview-body" role="group" aria-label={t('Preview of the labeling set-up')}>
          <Tag node={root} editor={editor} />
        </div>,
        place,
      );
    },
    dispose() {
      latest++;
      render(null, place);
    },
  };
}
