/**
 * The image editor without a server: for looking at, for the browser checks in `check_image.py` and for the figures of `bench_image.py`.
 * Query: `config=` (XML), `data=` (JSON), `rows=` (JSON), `n=` (so many rectangles), `readonly=1`, `theme=dark`.
 */
import '../src/styles/tokens.css';
import '../src/styles/base.css';
import '../src/styles/editor.css';
import { render } from 'preact';
import street from '../../labeling/templates/media/street.jpg';
import { parseConfig } from '../src/core/config';
import { AnnotationEditor } from '../src/core/editor';
import { expandConfig } from '../src/core/expand';
import type { ResultRow } from '../src/core/types';
import { listenToKeys } from '../src/ui/keyboard';
import { loadViews, Tag } from '../src/ui/tag-tree';

const CONFIG = `<View>
  <RectangleLabels name="label" toName="image"><Label value="Person"/><Label value="Car"/><Label value="Bicycle"/><Label value="Other" background="#888"/></RectangleLabels>
  <Image name="image" value="$image" rotateControl="true" brightnessControl="true" contrastControl="true"/>
</View>`;

const query = new URLSearchParams(location.search);

/** Rectangles in a regular pattern, the same each time. */
function manyRows(count: number): ResultRow[] {
  const side = Math.ceil(Math.sqrt(count));
  const step = 100 / side;
  const labels = ['Person', 'Car', 'Bicycle', 'Other'];
  return Array.from({ length: count }, (_, index) => ({
    original_width: 1000,
    original_height: 750,
    image_rotation: 0,
    value: {
      x: (index % side) * step,
      y: Math.floor(index / side) * step,
      width: step * 0.8,
      height: step * 0.7,
      rotation: index % 10 === 0 ? 15 : 0,
      rectanglelabels: [labels[index % labels.length]],
    },
    id: `region${index}`,
    from_name: 'label',
    to_name: 'image',
    type: 'rectanglelabels',
    origin: 'manual',
  }));
}

const count = Number(query.get('n') ?? 0);
const data = JSON.parse(query.get('data') ?? JSON.stringify({ image: street }));
const rows: ResultRow[] = count > 0 ? manyRows(count) : JSON.parse(query.get('rows') ?? '[]');
const said: string[] = [];
if (query.get('theme')) document.documentElement.dataset.theme = query.get('theme') as string;

const root = expandConfig(parseConfig(query.get('config') ?? CONFIG), data);
performance.mark('editor:start');
const editor = new AnnotationEditor({
  root,
  data,
  rows,
  readonly: query.get('readonly') === '1',
  say: (sentence) => {
    said.push(sentence);
    document.getElementById('said')?.replaceChildren(sentence);
  },
});
listenToKeys(editor.actions, () => ({}));
editor.actions.register(
  { id: 'annotation:undo', title: 'Undo', group: 'Annotation', keys: ['ctrl+z'], run: () => editor.undo() },
  { id: 'region:delete', title: 'Delete', group: 'Regions', keys: ['delete', 'backspace'], run: () => editor.deleteRegions(editor.selection.peek()) },
  { id: 'region:exit', title: 'Cancel', group: 'Regions', keys: ['escape'], run: () => editor.select([]) },
);
Object.assign(window, { editor, said });

loadViews(root).then(() => {
  const page = (
    <div class="labeling-view">
      <div class="task-top">
        <span id="said" role="status" />
      </div>
      <div class="task-body">
        <section class="task-area" id="task-area">
          <Tag node={root} editor={editor} />
        </section>
      </div>
      <div class="task-bottom" />
    </div>
  );
  render(page, document.getElementById('root') as HTMLElement);
});
