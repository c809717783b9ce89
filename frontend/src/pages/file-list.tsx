/** The files on their way: how far each is, and what was wrong with it. */
import type { Signal } from '@preact/signals';
import { plural, t } from '../core/text';
import { mediaKind } from './first-rows';
import { Icon } from './icon';
import type { FileWork } from './upload';

const SHOWN = 100;

export function FileList({ files, onRemove }: { files: Signal<FileWork[]>; onRemove?: (one: FileWork) => void }) {
  const all = files.value;
  const sending = all.some((one) => one.upload > 0);
  const done = all.filter((one) => one.state === 'done' || one.state === 'sent').length;
  // Those that need a look first; a thousand images are not a thousand lines.
  const order = { failed: 0, sending: 1, reading: 1, paused: 2, waiting: 2, sent: 3, done: 3 };
  const shown = all.length > SHOWN ? [...all].sort((a, b) => order[a.state] - order[b.state]).slice(0, SHOWN) : all;
  return (
    <div class="files">
      {all.length > 5 && (
        <p class="files-total">
          <progress class="progress" max={all.length} value={done} aria-label={sending ? t('Files sent') : t('Files imported')} />{' '}
          {t('{done} of {n} files', { done, n: all.length })}
        </p>
      )}
      <ul class="file-list">
        {shown.map((one) => (
          <FileRow
            key={one.id}
            one={one}
            onRemove={() => {
              files.value = files.value.filter((other) => other.id !== one.id);
              onRemove?.(one);
            }}
          />
        ))}
      </ul>
      {all.length > SHOWN && <p class="quiet">{t('… and {n} more', { n: all.length - SHOWN })}</p>}
    </div>
  );
}

function FileRow({ one, onRemove }: { one: FileWork; onRemove: () => void }) {
  const busy = one.state === 'sending' || one.state === 'reading';
  return (
    <li class={`file file-${one.state}`}>
      <Icon
        name={one.state === 'done' || one.state === 'sent' ? 'check' : one.state === 'failed' ? 'warning' : mediaKind(one.name) === 'image' ? 'image' : 'file'}
      />
      <span class="file-name">{one.name}</span>
      <span class="file-state numbers">{stateOf(one)}</span>
      {busy ? (
        <progress class="progress file-progress" value={one.state === 'reading' && !one.sent ? undefined : one.sent} max={1} aria-label={one.name} />
      ) : (
        one.state !== 'done' && (
          <button type="button" class="button button-quiet button-small icon-button" aria-label={t('Take {name} away', { name: one.name })} onClick={onRemove}>
            <Icon name="x" />
          </button>
        )
      )}
      {one.errors.length > 0 && (
        <ul class="file-errors" role="alert">
          {one.errors.slice(0, 20).map((error) => (
            <li key={error}>{error}</li>
          ))}
          {one.errors.length > 20 && <li>{t('… and {n} more', { n: one.errors.length - 20 })}</li>}
        </ul>
      )}
    </li>
  );
}

function stateOf(one: FileWork): string {
  if (one.state === 'sending') return `${Math.floor(one.sent * 100)} %`;
  if (one.state === 'reading') return one.sent ? t('Reading, {n} %', { n: Math.floor(one.sent * 100) }) : t('Reading…');
  if (one.state === 'done') return plural(one.tasks, '{n} task', '{n} tasks', { n: one.tasks });
  if (one.state === 'paused') return t('Paused at {n} %', { n: Math.floor(one.sent * 100) });
  return size(one.size);
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let at = 0;
  let value = bytes;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${value < 10 && at ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}
