/** One cell of the table, by the type of its column. */
import { t } from '../../core/text';
import { place } from '../http';
import { Icon } from '../icon';
import type { Column, Context, TaskRow } from './types';

export function Cell({ column, row, context }: { column: Column; row: TaskRow; context: Context }) {
  if (column.id.startsWith('data.')) return <Data row={row} name={column.id.slice(5)} type={column.type} />;
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

function Data({ row, name, type }: { row: TaskRow; name: string; type: Column['type'] }) {
  const value = row.data[name];
  const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'image' && text) return <Thumbnail row={row} name={name} size={64} />;
  if ((type === 'audio' || type === 'video') && text)
    return (
      <span class="cell-file">
        <Icon name={type === 'audio' ? 'activity' : 'play'} />
        {fileName(text)}
      </span>
    );
  return <span class="cell-text">{text.length > 300 ? `${text.slice(0, 300)}…` : text}</span>;
}

/** Uploads and objects of storages, as a task's data name them. */
const OURS = /^(\/data\/|(s3|gs|azure-blob|hf):\/\/)/;

/** A task's picture: made small by the server when the file is one of ours, else (and when that cannot be done) the file itself. */
export function Thumbnail({ row, name, size }: { row: TaskRow; name: string; size: number }) {
  const value = row.data[name];
  const src = String(Array.isArray(value) ? value[0] : value);
  const small = typeof value === 'string' && OURS.test(src);
  return (
    <img
      class="thumb"
      src={small ? place(`tasks/${row.id}/thumbnail/?${new URLSearchParams({ key: name, size: String(size) })}`) : src}
      alt=""
      loading="lazy"
      decoding="async"
      onError={({ currentTarget: picture }) => {
        if (picture.getAttribute('src') === src || !small) picture.hidden = true;
        else picture.src = src;
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
