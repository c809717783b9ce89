import { useMemo, useState } from 'preact/hooks';
import { keysOf } from '../../core/keymap';
import { t } from '../../core/text';
import type { DialogProps } from '../dialogs';
import { KeyHint } from '../key-hint';
import { Frame } from './frame';

/** Everything that can be done now, found by typing. */
export function Palette({ session, close }: DialogProps) {
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const overrides = session.context.user.custom_hotkeys ?? {};
  const all = useMemo(() => session.actions.all().filter((action) => action.id !== 'view:palette' && (!action.when || action.when())), []);
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  // What begins with the words stands before what only contains them; one number of a series is noise here.
  const rank = (title: string) => (wanted[0] !== undefined && title.toLowerCase().startsWith(wanted[0]) ? 0 : 1);
  const found = all
    .filter((action) => !/^region:select-/.test(action.id) && wanted.every((word) => `${action.group} ${action.title}`.toLowerCase().includes(word)))
    .sort((a, b) => rank(a.title) - rank(b.title))
    .slice(0, 60);
  const run = (index: number) => {
    const action = found[index];
    if (!action) return;
    close();
    // The dialog gives the focus back first.
    setTimeout(() => action.run());
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') run(at);
    else return;
    event.preventDefault();
  };
  return (
    <Frame title={t('Command palette')} close={close} class="command-palette" bare>
      <input
        class="input palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="command-list"
        aria-autocomplete="list"
        aria-activedescendant={found.length ? `command-${at}` : undefined}
        aria-label={t('What do you want to do?')}
        placeholder={t('What do you want to do?')}
        autoComplete="off"
        value={words}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={key}
      />
      <ul id="command-list" class="command-list" role="listbox" aria-label={t('Commands')}>
        {found.map((action, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
          <li
            key={action.id}
            id={`command-${index}`}
            role="option"
            aria-selected={index === at}
            ref={(item) => {
              if (index === at) item?.scrollIntoView({ block: 'nearest' });
            }}
            onClick={() => run(index)}
          >
            <span class="command-group">{action.group}</span>
            <span>{action.title}</span>
            <KeyHint keys={keysOf(action, overrides)[0]} />
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="hint palette-empty">{t('Nothing found.')}</p>}
    </Frame>
  );
}
