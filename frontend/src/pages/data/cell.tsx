/** One cell of the table, by the type of its column. */
import { t } from '../../core/text';
import { Icon } from '../icon';
import type { Column, Context, TaskRow } from './types';

export function Cell({ column, row, context }: { column: Column; row: TaskRow; context: Context }) {
  if (column.id.startsWith('data.')) return <Data value={row.data[column.id.slice(5)]} type={column.type} />;
  const value = row[column.id];
  switch (column.type) {
    case 'people':
      return <People ids={row.annotators} context={context} />;
    case 'time':
      return value ? <time dateTime={String(value)}>{shortTime(String(value))}</time> : null;
    case 'text':
      return <span class="cell-text">{value === null || value === undefined ? '' : String(value)}</span>;
    case 'decimal':
      return <>{typeof value === 'number' ? value.toLocaleString(undefined, { maximumFractionDigits: 2 }) : '–'}</>;
    case 'percent':
      return <>{typeof value === 'number' ? `${Math.round(value)} %` : '–'}</>;
    case 'truth':
    case 'yes':
      return value ? <Mark icon="check" title={t('Yes')} /> : null;
    default:
      if (column.id === 'total_annotations')
        return (
          <span class={`count${row.is_labeled ? ' count-done' : ''}`}>
            {row.is_labeled && <Mark icon="check" title={t('Done')} />}
            {row.total_annotations || (row.is_labeled ? '' : '–')}
          </span>
        );
      return <>{Number(value) || (column.id.endsWith('id') ? String(value) : '–')}</>;
  }
}

function Data({ value, type }: { value: unknown; type: Column['type'] }) {
  const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'image' && text) return <Thumbnail src={Array.isArray(value) ? String(value[0]) : text} />;
  if ((type === 'audio' || type === 'video') && text)
    return (
      <span class="cell-file">
        <Icon name={type === 'audio' ? 'activity' : 'play'} />
        {fileName(text)}
      </span>
    );
  return <span class="cell-text">{text.length > 300 ? `${text.slice(0, 300)}…` : text}</span>;
}

export function Thumbnail({ src }: { src: string }) {
  return (
    <img
      class="thumb"
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      onError={(event) => {
        event.currentTarget.hidden = true;
      }}
    />
  );
}

function Mark({ icon, title }: { icon: string; title: string }) {
  return (
    <>
      <Icon name={icon} />
      <span class="visually-hidden">{title}</span>
    </>
  );
}

function People({ ids, context }: { ids: readonly number[]; context: Context }) {
  return (
    <span class="avatars">
      {ids.slice(0, 3).map((id) => (
        <span class="avatar" key={id} title={context.people[id] ?? `#${id}`}>
          <span aria-hidden="true">{initials(context.people[id] ?? `#${id}`)}</span>
          <span class="visually-hidden">{context.people[id] ?? `#${id}`}</span>
        </span>
      ))}
      {ids.length > 3 && <span class="avatar avatar-more">+{ids.length - 3}</span>}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words[1]?.[0] ?? '') : (words[0]?.[1] ?? ''))).toUpperCase();
}

function fileName(address: string): string {
  const last = (address.split(/[?#]/)[0] ?? '').split('/').pop() ?? address;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const sameYear = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const otherYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });

function shortTime(text: string): string {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return '';
  return (moment.getFullYear() === new Date().getFullYear() ? sameYear : otherYear).format(moment);
}
