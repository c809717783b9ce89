/** Projects for the development page, each with a few tasks; made here, nothing is fetched. */
import type { ResultRow, TaskRecord } from '../src/core/types.ts';
import type { EditorContext } from '../src/net/context.ts';

interface Case {
  config: string;
  data: Record<string, unknown>[];
  predictions?: (index: number) => ResultRow[];
  annotations?: (index: number) => ResultRow[][];
  instruction?: string;
}

const SENTENCES = [
  'The tram to the harbour was on time today, and for once there was a seat by the window.',
  'My headphones arrived with a broken hinge; the shop wants me to pay for sending them back.',
  'Clara Weiss of Northwind Labs will open the exhibition in Lisbon on 4 May. 🎉 Entry is free.',
  'It rained all afternoon, so we stayed in, read, and cooked far too much soup.',
];

function words(length: number, seed: number): string {
  const list =
    'river stone lantern window harbour copper morning signal garden winter paper engine valley mirror orchard thread silver market canvas bridge'.split(' ');
  let state = seed;
  let text = '';
  while (text.length < length) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    text += `${list[state % list.length]}${state % 17 === 0 ? '.\n' : ' '}`;
  }
  return text.slice(0, length);
}

function manySpans(length: number, count: number): ResultRow[] {
  const step = Math.floor(length / count);
  return Array.from({ length: count }, (_, index) => ({
    id: `span${index}`,
    from_name: 'ner',
    to_name: 'text',
    type: 'labels',
    origin: 'manual',
    value: { start: index * step, end: index * step + Math.min(12, step), text: '', labels: [['Person', 'Place', 'Firm'][index % 3] as string] },
  }));
}

const NER = `<View>
  <Relations><Relation value="works for"/><Relation value="is in"/></Relations>
  <Labels name="ner" toName="text"><Label value="Person"/><Label value="Place"/><Label value="Firm"/><Label value="Date"/></Labels>
  <Text name="text" value="$text"/>
  <Choices name="tone" toName="text" perRegion="true" layout="inline"><Choice value="sure"/><Choice value="unsure"/></Choices>
</View>`;

function span(id: string, text: string, part: string, label: string): ResultRow {
  const start = [...text.slice(0, text.indexOf(part))].length;
  return {
    id,
    from_name: 'ner',
    to_name: 'text',
    type: 'labels',
    origin: 'manual',
    value: { start, end: start + [...part].length, text: part, labels: [label] },
  };
}

const MENTION = SENTENCES[2] as string;

/** An image drawn here, so that the page needs no other host. */
function picture(): string {
  const canvas = document.createElement('canvas');
  canvas.width = 1200;
  canvas.height = 800;
  const paint = canvas.getContext('2d') as CanvasRenderingContext2D;
  const sky = paint.createLinearGradient(0, 0, 0, 800);
  sky.addColorStop(0, '#9ec8ea');
  sky.addColorStop(1, '#f2e4c9');
  paint.fillStyle = sky;
  paint.fillRect(0, 0, 1200, 800);
  paint.fillStyle = '#5c7a52';
  paint.fillRect(0, 560, 1200, 240);
  for (const [x, y, width, height, color] of [
    [140, 380, 220, 220, '#b5523b'],
    [460, 300, 300, 300, '#d8a24a'],
    [860, 420, 180, 180, '#4d6a9a'],
  ] as const) {
    paint.fillStyle = color;
    paint.fillRect(x, y, width, height);
    paint.fillStyle = '#ffffffaa';
    paint.fillRect(x + 20, y + 30, width / 4, height / 4);
  }
  return canvas.toDataURL('image/jpeg', 0.8);
}

const CASES: Record<string, () => Case> = {
  choices: () => ({
    config: `<View><Header value="How does the writer feel?" size="4"/><Text name="text" value="$text"/><Choices name="mood" toName="text" required="true"><Choice value="Happy"/><Choice value="Neutral"/><Choice value="Unhappy" hint="Annoyed, sad or angry"/></Choices></View>`,
    data: SENTENCES.map((text) => ({ text })),
    predictions: (index) => [{ id: `p${index}`, from_name: 'mood', to_name: 'text', type: 'choices', value: { choices: [index === 1 ? 'Unhappy' : 'Happy'] } }],
  }),
  ner: () => ({
    config: NER,
    data: [MENTION, ...SENTENCES].map((text) => ({ text })),
    annotations: (index) =>
      index === 0
        ? [
            [
              span('aaaaaaaaaa', MENTION, 'Clara Weiss', 'Person'),
              span('bbbbbbbbbb', MENTION, 'Northwind Labs', 'Firm'),
              span('cccccccccc', MENTION, 'Lisbon', 'Place'),
              { from_id: 'aaaaaaaaaa', to_id: 'bbbbbbbbbb', type: 'relation', direction: 'right', labels: ['works for'] },
            ],
          ]
        : [],
    instruction: '<p>Mark each <b>person</b>, <b>place</b>, <b>firm</b> and <b>date</b>. When in doubt, mark it and say so.</p>',
  }),
  long: () => ({ config: NER, data: [{ text: words(200_000, 7) }], annotations: () => [manySpans(200_000, 2000)] }),
  huge: () => ({ config: NER, data: [{ text: words(1_000_000, 9) }], annotations: () => [manySpans(1_000_000, 20_000)] }),
  oneline: () => ({ config: NER, data: [{ text: words(200_000, 7).replace(/\n/g, ' ') }], annotations: () => [manySpans(200_000, 2000)] }),
  form: () => ({
    config: `<View>
  <Style>.lead { font-size: 18px; } .lead:hover { color: var(--accent-text); } body { letter-spacing: 0.01em; }</Style>
  <View className="lead"><Text name="text" value="$text"/></View>
  <Header value="What is it about?"/>
  <Taxonomy name="topic" toName="text" value="$topics" showFullPath="true" placeholder="Choose topics"/>
  <Header value="Which of these are mentioned?"/>
  <Choices name="things" toName="text" choice="multiple" layout="inline"><Choice value="weather"/><Choice value="food"/><Choice value="travel"/><Choice value="shopping"/></Choices>
  <Choices name="nested" toName="text" allowNested="true" choice="multiple"><Choice value="Outdoors"><Choice value="City"/><Choice value="Nature"/></Choice><Choice value="Indoors"/></Choices>
  <Choices name="lang" toName="text" layout="select"><Choice value="English"/><Choice value="German"/><Choice value="French"/></Choices>
  <View visibleWhen="choice-selected" whenTagName="things" whenChoiceValue="food"><Header value="Which food?"/><TextArea name="food" toName="text" placeholder="Type and press Enter" editable="true" required="true" requiredMessage="Please name the food."/></View>
  <Header value="A summary"/><TextArea name="summary" toName="text" rows="3" maxSubmissions="1"/>
  <Header value="How well is it written?"/><Rating name="stars" toName="text" maxRating="5"/>
  <Header value="How many people?"/><Number name="people" toName="text" min="0" max="20" slider="true"/>
  <Header value="When?"/><DateTime name="when" toName="text" only="date,time"/><DateTime name="year" toName="text" only="year"/>
  <Pairwise name="pick" toName="left,right"/>
  <View display="inline"><Text name="left" value="First: $text"/><Text name="right" value="Second: $text"/></View>
  <Audio name="sound" value="$text"/>
</View>`,
    data: SENTENCES.map((text) => ({
      text,
      topics: Array.from({ length: 20 }, (_, i) => ({
        value: `Topic ${i + 1}`,
        children: Array.from({ length: 500 }, (_, j) => ({ value: `Part ${i + 1}.${j + 1}` })),
      })),
    })),
  }),
  pages: () => ({
    config: `<View><Repeater on="$pages" indexFlag="{{i}}" mode="pagination"><View><Text name="t_{{i}}" value="$pages[{{i}}].text"/><Choices name="c_{{i}}" toName="t_{{i}}"><Choice value="a"/><Choice value="b"/></Choices></View></Repeater></View>`,
    data: [{ pages: SENTENCES.map((text) => ({ text })) }],
  }),
  image: () => ({
    config: `<View><Image name="image" value="$image" zoom="true"/><RectangleLabels name="box" toName="image"><Label value="House"/><Label value="Window"/><Label value="Field"/></RectangleLabels><Choices name="state" toName="image" perRegion="true" layout="inline"><Choice value="whole"/><Choice value="cut off"/></Choices></View>`,
    data: [{ image: picture() }, { image: picture() }],
  }),
};

export function contextFor(name: string, mode: 'stream' | 'quick'): { context: EditorContext; tasks: TaskRecord[] } {
  const chosen = (CASES[name] ?? (CASES.choices as () => Case))();
  const mine = { id: 7, email: 'ann@example.org', first_name: 'Ann', last_name: 'Lee', initials: 'AL' };
  const tasks = chosen.data.map(
    (data, index): TaskRecord => ({
      id: index + 1,
      inner_id: index + 1,
      data,
      annotations:
        mode === 'quick'
          ? (chosen.annotations?.(index) ?? []).map((result, n) => ({
              id: 500 + index * 10 + n,
              result,
              completed_by: mine,
              created_at: '2026-03-01T10:00:00Z',
              updated_at: '2026-03-01T10:00:00Z',
              lead_time: 12,
            }))
          : [],
      predictions: chosen.predictions ? [{ id: 900 + index, result: chosen.predictions(index), score: 0.93, model_version: 'sentiment-2' }] : [],
      drafts:
        mode === 'stream' && chosen.annotations?.(index).length ? [{ id: 400 + index, result: chosen.annotations(index)[0] as ResultRow[], lead_time: 3 }] : [],
    }),
  );
  const context: EditorContext = {
    project: {
      id: 1,
      title: 'Letters to the editor',
      label_config: chosen.config,
      expert_instruction: chosen.instruction ?? '',
      show_instruction: false,
      show_skip_button: true,
      enable_empty_annotation: true,
      maximum_annotations: 1,
      sampling: 'Sequential sampling',
    },
    user: { id: 7, email: mine.email, name: 'Ann Lee', initials: 'AL', role: 'annotator', permissions: [], custom_hotkeys: {}, preferences: {} },
    mode,
    task: structuredClone(tasks[0]) as TaskRecord,
    counts: { total: 1000, done: 128, mine_today: 12 },
    urls: { data: '/data/', project: '/project/', next_page: '/next/' },
    version: 'dev',
  };
  return { context, tasks };
}
