import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Action } from '../../core/actions';
import { keysOf, pressedKeys } from '../../core/keymap';
import { t } from '../../core/text';
import { ApiError, api } from '../../net/api';
import type { DialogProps } from '../dialogs';
import { keyText } from '../key-hint';
import { Frame } from './frame';

/** Overrides as Export writes them, and as Label Studio keeps them; null when the text is something else. */
function readKeys(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
    const isKey = (value: unknown) => typeof value === 'string' || (typeof value === 'object' && value !== null && ('key' in value || 'active' in value));
    return Object.values(found).every(isKey) ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Acts that never can be done at the same moment have one key from the start. */
function sharedByDefault(one: Action, other: Action): boolean {
  return (one.keys ?? []).some((key) => other.keys?.includes(key));
}

/** Everything that has a key, by group; pressing "Change" and then keys gives an action another one. */
export function Help({ session, close }: DialogProps) {
  const [overrides, setOverrides] = useState<Record<string, unknown>>(session.context.user.custom_hotkeys ?? {});
  const [waiting, setWaiting] = useState('');
  const [problem, setProblem] = useState('');
  void session.actions.revision.value;
  const groups = new Map<string, Action[]>();
  for (const action of session.actions.all()) {
    if (action.quiet && !/^(?:label|choice):/.test(action.id)) continue;
    groups.set(action.group, [...(groups.get(action.group) ?? []), action]);
  }
  const save = async (next: Record<string, unknown>) => {
    const before = overrides;
    setOverrides(next);
    session.context.user.custom_hotkeys = next;
    try {
      await api.saveHotkeys(next);
      setProblem('');
    } catch (error) {
      setOverrides(before);
      session.context.user.custom_hotkeys = before;
      setProblem(error instanceof ApiError ? error.message : t('The server cannot be reached; the key was not changed.'));
    }
  };
  const file = useMemo(() => URL.createObjectURL(new Blob([JSON.stringify(overrides, null, 2)], { type: 'application/json' })), [overrides]);
  useEffect(() => () => URL.revokeObjectURL(file), [file]);
  const read = async (input: HTMLInputElement) => {
    const text = await input.files?.[0]?.text();
    input.value = '';
    if (text === undefined) return;
    const found = readKeys(text);
    if (found === null) return setProblem(t('This is no file of keys: it takes what Export gives.'));
    // Two acts on one key: the file's are named, none is taken.
    const next = { ...overrides, ...found };
    for (const id of Object.keys(found)) {
      const action = session.actions.get(id);
      const keys = action ? keysOf(action, next) : [];
      const taken = action && session.actions.all().find((other) => other.id !== id && keysOf(other, next).some((key) => keys.includes(key)));
      if (action && taken && !(action.when && taken.when && sharedByDefault(action, taken)))
        return setProblem(
          t('Nothing was imported: {keys} would do both "{title}" and "{other}".', { keys: keyText(keys[0] ?? ''), title: action.title, other: taken.title }),
        );
    }
    await save(next);
  };
  const listen = (event: KeyboardEvent) => {
    if (waiting === '') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setWaiting('');
    const keys = pressedKeys(event)[0];
    if (keys === undefined) return;
    const taken = session.actions.all().find((action) => action.id !== waiting && keysOf(action, overrides).includes(keys));
    setWaiting('');
    if (taken) return setProblem(t('{keys} already does "{title}".', { keys: keyText(keys), title: taken.title }));
    void save({ ...overrides, [waiting]: { key: keys, active: true } });
  };
  const reset = (id: string) => {
    const { [id]: _own, ...rest } = overrides;
    void save(rest);
  };
  return (
    <Frame title={t('All keys')} close={close} class="is-wide">
      {problem && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
      <div class="button-row">
        <button type="button" class="button button-small" disabled={Object.keys(overrides).length === 0} onClick={() => void save({})}>
          {t('All keys as they were')}
        </button>
        <a class="button button-small" href={file} download="keys.json">
          {t('Export')}
        </a>
        <label class="button button-small">
          {t('Import')}
          <input
            class="visually-hidden"
            type="file"
            accept=".json,application/json"
            aria-label={t('Import keys')}
            onChange={(event) => void read(event.currentTarget)}
          />
        </label>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens while a key is being chosen. */}
      <div class="key-groups" onKeyDown={listen}>
        {[...groups].map(([group, actions]) => (
          <section key={group}>
            <h3>{group}</h3>
            <ul class="key-list">
              {actions.map((action) => {
                const keys = keysOf(action, overrides);
                const fixed = action.quiet === true;
                return (
                  <li key={action.id}>
                    <span>{action.title}</span>
                    <span class="keys">
                      {waiting === action.id ? (
                        <em role="status">{t('Press the new keys…')}</em>
                      ) : (
                        keys.map((key) => (
                          <kbd key={key} class="key">
                            {keyText(key)}
                          </kbd>
                        ))
                      )}
                    </span>
                    {!fixed && (
                      <button
                        type="button"
                        class="button button-quiet button-small"
                        aria-label={t('Change the keys of "{title}"', { title: action.title })}
                        onClick={() => setWaiting(waiting === action.id ? '' : action.id)}
                      >
                        {waiting === action.id ? t('Cancel') : t('Change')}
                      </button>
                    )}
                    {!fixed && action.id in overrides && (
                      <button
                        type="button"
                        class="button button-quiet button-small"
                        aria-label={t('Back to the usual keys of "{title}"', { title: action.title })}
                        onClick={() => reset(action.id)}
                      >
                        {t('Reset')}
                      </button>
                    )}
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </Frame>
  );
}
