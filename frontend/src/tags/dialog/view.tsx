import { colorOfText } from '../../core/colors';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { isRecord } from '../../core/variables';
import '../paragraphs/paragraphs.css';

function messages(value: unknown): { name: string; text: string; hint: string }[] {
  let list = value;
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value);
    } catch {
      list = value.split('\n');
    }
  }
  const read = (item: unknown) =>
    isRecord(item)
      ? { name: String(item.name ?? ''), text: String(item.text ?? ''), hint: String(item.hint ?? '') }
      : { name: '', text: String(item), hint: '' };
  return Array.isArray(list) ? list.map(read) : [];
}

/** Messages to be read; nothing can be marked in them. */
export default function Dialog({ node }: TagViewProps) {
  const list = messages(node.value);
  if (list.length === 0) return <p class="hint">{t('This dialogue has no phrases.')}</p>;
  return (
    <div class="phrases is-dialogue" data-object={node.name}>
      {list.map(({ name, text, hint }, index) => (
        <div key={index} class="phrase" style={{ '--author': colorOfText(name) }}>
          <div class="phrase-head">
            {name && <span class="phrase-author">{name}</span>}
            {hint && <span class="phrase-time">{hint}</span>}
          </div>
          <div class="phrase-text">{text}</div>
        </div>
      ))}
    </div>
  );
}
