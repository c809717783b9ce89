import { isRecord } from '../../core/variables';
import { Rich } from '../../ui/rich';
import './list.css';

export interface CardData {
  id: string;
  title: string;
  body: string;
  html: string;
}

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value));

/** The cards of a List's value: a list of `{id, title, body, html}`, of texts, or the JSON of one. */
export function readCards(value: unknown): CardData[] {
  let list = value;
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value);
    } catch {
      list = [];
    }
  }
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown, index) =>
    isRecord(item)
      ? { id: text(item.id ?? index), title: text(item.title), body: text(item.body), html: text(item.html) }
      : { id: String(index), title: '', body: text(item), html: '' },
  );
}

export function CardContent({ card }: { card: CardData }) {
  return (
    <div class="card-content">
      {card.title && <div class="card-title">{card.title}</div>}
      {card.body && <div class="card-body">{card.body}</div>}
      {card.html && <Rich html={card.html} block />}
    </div>
  );
}
